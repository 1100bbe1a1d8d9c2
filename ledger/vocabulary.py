"""The contract's closed vocabularies (levels, arrivals, issuers, …), years and time zone."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Literal, get_args

OFFICE_TIME = timezone(timedelta(hours=8), "UTC+08:00")
"""Local time of the office (四.1). Times without an offset are in it."""

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Calendar years of dates. The first assessment year is 1901, since it begins in December 1900."""

OUTSIDE = "outside"
"""Type of a party to a batch that the town does not assess (镇外单位), under every measure."""

DIGITS = 4
"""Least number of digits in an id that the ledger gives: `SR-2016-0007`."""

UNIT_TYPES = ("village", "farm", "community")
"""Types of units of the measure that the program brings: 村、场、社区."""

PeriodLevel = Literal["national", "province", "city", "district"]
"""Level of a special period (特护期), and of who commends (通报表扬): 全国, 全省, 全市, 全区."""

Level = Literal["national", "province", "city", "district", "town"]
"""Level petitioned: 进京／国家, 省, 市, 区, 镇."""

SiteLevel = Literal["national", "province", "city"]
"""Level of who visited the unit (调研现场)."""

Urgency = Literal["early_warning", "urgent"]
"""预警类, 紧急重大."""

Arrival = Literal["ahead", "with", "prompt", "late", "absent"]
"""Arrival on site of the unit's first responsible person: 提前, 同步, 及时, 延迟, 一直没有."""

Issuer = Literal["national", "province", "city", "district", "joint_conference"]
"""Who criticised (通报批评); `joint_conference`: 区联席会议和区维稳办."""

LEVELS: tuple[Level, ...] = get_args(Level)
