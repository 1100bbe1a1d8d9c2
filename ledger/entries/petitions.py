"""Petition batches (上访批次) and the leaders' responses on site."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from ledger.entries.base import Entry, UnitRef
from ledger.fields import EntryId, Headcount, Matter, Minutes, Moment
from ledger.vocabulary import Arrival, Level


class PetitionBatch(Entry):
    """One visit of one group of people to one level (三（一）1（3）, 三（一）2)."""

    KIND: ClassVar[str] = "petition_batch"
    TITLE: ClassVar[str] = "上访批次"
    DATED_BY: ClassVar[str | None] = "occurred_at"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "host_unit": "unit"}

    kind: Literal["petition_batch"] = "petition_batch"
    unit: UnitRef = Field(title="问题引发单位", description="id of the liable unit")
    host_unit: EntryId | None = Field(
        default=None,
        title="人员稳控单位",
        description="id of the host unit, where person and problem are apart (人事分离)",
    )
    matter: Matter = Field(title="信访事项", description="case number")
    level: Level = Field(title="级别", description="where they went: national is Beijing")
    headcount: Headcount = Field(title="人数", description="people in the batch")
    occurred_at: Moment = Field(title="发生时间", description="when it occurred")
    abnormal: bool = Field(title="非正常上访", description="the office's finding")
    repeated: bool = Field(default=False, title="重复", description="a repeated batch")
    key_person: bool = Field(
        default=False, title="交办重点人员", description="a key person handed over from above"
    )


class OnSiteResponse(Entry):
    """What a unit's first responsible person did on site (三（一）2, paragraph 4)."""

    KIND: ClassVar[str] = "on_site_response"
    TITLE: ClassVar[str] = "现场处置"
    REFERENCES: ClassVar[dict[str, str]] = {"unit": "unit", "batch": "petition_batch"}
    STANDS_FOR: ClassVar[tuple[str, ...]] = ("batch", "unit")

    kind: Literal["on_site_response"] = "on_site_response"
    unit: UnitRef
    batch: EntryId = Field(title="上访批次", description="id of the batch responded to")
    arrival: Arrival = Field(
        title="到场", description="ahead 提前, prompt 及时, late 延迟, absent 无"
    )
    effective: bool = Field(default=False, title="效果明显", description="whether it was effective")
    stay_minutes: Minutes | None = Field(
        default=None, title="滞留分钟", description="minutes that the visitors stayed"
    )
