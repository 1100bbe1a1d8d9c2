"""Petition batches (上访批次) and the leaders' responses on site."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.entries.base import Entry, field, the_unit

if TYPE_CHECKING:
    from ledger.fields import EntryId, Headcount, Matter, Minutes, Moment
    from ledger.vocabulary import Arrival, Level


class PetitionBatch(Entry):
    """One visit of one group of people to one level (三（一）1（3）, 三（一）2)."""

    KIND: ClassVar[str] = "petition_batch"
    TITLE: ClassVar[str] = "上访批次"
    DATED_BY: ClassVar[str | None] = "occurred_at"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "host_unit": "unit"}

    kind: Literal["petition_batch"] = "petition_batch"
    unit: EntryId = field("问题引发单位", "id of the liable unit")
    host_unit: EntryId | None = field(
        "人员稳控单位", "id of the host unit, where person and problem are apart (人事分离)", None
    )
    matter: Matter = field("信访事项", "case number")
    level: Level = field("级别", "where they went: national is Beijing")
    headcount: Headcount = field("人数", "people in the batch")
    occurred_at: Moment = field("发生时间", "when it occurred")
    abnormal: bool = field("非正常上访", "the office's finding")
    repeated: bool = field("重复", "a repeated batch", False)
    key_person: bool = field("交办重点人员", "a key person handed over from above", False)


class OnSiteResponse(Entry):
    """What a unit's first responsible person did on site (三（一）2, paragraph 4)."""

    KIND: ClassVar[str] = "on_site_response"
    TITLE: ClassVar[str] = "现场处置"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "batch": "petition_batch"}
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("batch", "unit")

    kind: Literal["on_site_response"] = "on_site_response"
    unit: EntryId = the_unit()
    batch: EntryId = field("上访批次", "id of the batch responded to")
    arrival: Arrival = field("到场", "ahead 提前, prompt 及时, late 延迟, absent 无")
    effective: bool = field("效果明显", "whether it was effective", False)
    stay_minutes: Minutes | None = field("滞留分钟", "minutes that the visitors stayed", None)
