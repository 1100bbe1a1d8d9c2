"""Petition batches (上访批次) and the leaders' responses on site."""

from typing import Annotated, ClassVar

from ledger.entries.base import Entry, OneUnit
from ledger.fields import (
    Choices,
    EntryId,
    Headcount,
    Label,
    Matter,
    Minutes,
    Moment,
    Name,
    RefersTo,
    Text,
    UnitId,
)
from ledger.vocabulary import Arrival, Level


class PetitionBatch(Entry, frozen=True, kw_only=True, tag="petition_batch"):
    """One visit of one group of people to one level (三（一）1（3）, 三（一）2)."""

    TITLE: ClassVar[str] = "上访批次"
    PREFIX: ClassVar[str] = "PB"
    ALIKE: ClassVar[tuple[str, ...]] = ("unit", "matter", "level", "occurred_at")
    DATED_BY: ClassVar[str | None] = "occurred_at"

    unit: Annotated[UnitId, Label("问题引发单位", "id of the liable unit")]
    host_unit: Annotated[
        UnitId | None,
        Label("人员稳控单位", "id of the host unit, where person and problem are apart (人事分离)"),
    ] = None
    matter: Annotated[Matter, Label("信访事项", "case number")]
    level: Annotated[
        Level,
        Label("级别", "where they went: national is Beijing"),
        Choices(
            (
                ("national", "进京"),
                ("province", "到省"),
                ("city", "到市"),
                ("district", "到区"),
                ("town", "到镇"),
            )
        ),
    ]
    headcount: Annotated[Headcount, Label("人数", "people in the batch")]
    occurred_at: Annotated[Moment, Label("发生时间", "when it occurred")]
    abnormal: Annotated[bool, Label("非正常上访", "the office's finding")]
    repeated: Annotated[bool, Label("重复", "a repeated batch")] = False
    key_person: Annotated[bool, Label("交办重点人员", "a key person handed over from above")] = (
        False
    )
    basis: Annotated[
        Text | None, Label("认定依据", "what the finding of abnormal or not rests on")
    ] = None
    stay_minutes: Annotated[
        Minutes | None, Label("滞留分钟", "minutes that the visitors stayed")
    ] = None
    group: Annotated[Name | None, Label("群体", "a group of visitors that the measure names")] = (
        None
    )


class OnSiteResponse(Entry, frozen=True, kw_only=True, tag="on_site_response"):
    """What a unit's first responsible person did on site (三（一）2, paragraph 4)."""

    TITLE: ClassVar[str] = "现场处置"
    PREFIX: ClassVar[str] = "OR"
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("batch", "unit")

    unit: OneUnit
    batch: Annotated[
        EntryId, RefersTo("petition_batch"), Label("上访批次", "id of the batch responded to")
    ]
    arrival: Annotated[
        Arrival,
        Label("到场", "ahead 提前, with 同步, prompt 及时, late 延迟, absent 无"),
        Choices(
            (
                ("ahead", "提前到达"),
                ("with", "同步到达"),
                ("prompt", "通知后及时赶到"),
                ("late", "延迟赶到"),
                ("absent", "一直没有领导接访劝返"),
            )
        ),
    ]
    effective: Annotated[
        bool | None, Label("效果明显", "whether it was effective; left out: not recorded")
    ] = None
    stay_minutes: Annotated[
        Minutes | None, Label("滞留分钟", "minutes that the visitors stayed")
    ] = None
