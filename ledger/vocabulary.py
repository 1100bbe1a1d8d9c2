"""The closed vocabularies of the contract: levels, arrivals, issuers and their like."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Literal, get_args

OFFICE_TIME = timezone(timedelta(hours=8), "UTC+08:00")
"""Local time of the office (四.1): times without an offset are of this one."""

UnitType = Literal["village", "farm", "community"]
"""村、场、社区."""

PeriodLevel = Literal["national", "province", "city", "district"]
"""全国, 全省, 全市, 全区 (特护期), and who commends (通报表扬)."""

Level = Literal["national", "province", "city", "district", "town"]
"""进京／国家, 省, 市, 区, 镇."""

SiteLevel = Literal["national", "province", "city"]
"""Visits from above (调研现场)."""

Urgency = Literal["early_warning", "urgent"]
"""预警类, 紧急重大."""

Arrival = Literal["ahead", "prompt", "late", "absent"]
"""提前, 及时／同步, 延迟, 一直没有 (the unit's first responsible person on site)."""

Issuer = Literal["province", "city", "district", "joint_conference"]
"""Who criticised (通报批评); `joint_conference`: 区联席会议和区维稳办."""

CountedItem = Literal["1.2", "3", "4", "6"]
InspectionItem = Literal[
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3", "4", "5.1", "5.2", "6"
]
"""三（二）: graded items take points, counted items a number of what is missing."""

LEVELS: tuple[Level, ...] = get_args(Level)
INSPECTION_ITEMS: tuple[InspectionItem, ...] = get_args(InspectionItem)
COUNTED_ITEMS: frozenset[str] = frozenset(get_args(CountedItem))
