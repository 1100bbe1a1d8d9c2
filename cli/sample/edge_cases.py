"""Batches at the bounds of the measure's rules."""

from datetime import datetime
from typing import Final, NamedTuple


class Visit(NamedTuple):
    """A batch (批次) of visitors before it has its number."""

    unit: str
    """The liable unit (问题引发单位)."""
    at: datetime
    level: str
    headcount: int
    abnormal: bool
    repeated: bool = False
    key_person: bool = False
    """An assigned key person (交办重点人员)."""
    host_unit: str | None = None
    """The host unit (人员稳控单位), if person and problem are apart (人事分离)."""
    matter: str = ""
    note: str = ""


# Index of the troubled unit, time, level, headcount, abnormal, key person, note.
EDGE_CASES: Final = (
    # Fifty people disqualify; forty-nine, or fifty of a lawful batch, do not.
    (0, "2016-04-12T09:10", "city", 50, True, False, "反映项目停工问题"),
    (1, "2016-07-05T08:40", "province", 50, True, False, "反映土地流转费拖欠问题"),
    (3, "2016-07-19T09:30", "province", 49, True, False, "反映土地流转费拖欠问题"),
    (3, "2016-10-25T10:00", "city", 50, False, False, "依法推选代表反映诉求"),
    # On the first or the last day of a special period of the same level.
    (0, "2016-03-01T07:50", "national", 2, True, False, ""),
    (4, "2016-10-08T23:30", "national", 1, True, True, "假期最后一天夜间"),
    (5, "2016-01-30T16:20", "province", 3, True, False, ""),
    (3, "2016-02-04T08:15", "city", 6, True, False, "反映年前工资问题"),
    (4, "2016-06-08T11:05", "district", 12, True, False, "反映排涝问题"),
    (2, "2016-05-30T15:45", "district", 8, True, False, ""),
    (5, "2016-06-02T09:25", "town", 10, True, False, "特护期内到镇，不涉区级"),
    # Within minutes of midnight at the bounds of quarters and of the year.
    (5, "2015-12-01T00:10", "town", 5, True, False, "年度首日凌晨"),
    (3, "2016-02-29T23:50", "district", 6, True, False, "季末深夜"),
    (2, "2016-09-01T00:05", "town", 11, True, False, ""),
    (4, "2016-11-30T23:40", "city", 5, True, False, "年度末日深夜"),
    # Key persons, abnormal or not, alone or leading others.
    (2, "2016-03-09T10:30", "national", 1, True, True, "交办重点人员"),
    (3, "2016-06-21T09:00", "national", 1, True, True, "交办重点人员"),
    (2, "2016-08-11T14:00", "national", 1, False, True, "交办重点人员，依法走访"),
    (5, "2016-09-13T09:40", "town", 4, False, True, "交办重点人员"),
    (1, "2016-10-18T08:55", "national", 5, True, True, "交办重点人员带头"),
)


def edge_cases(troubled: tuple[str, ...], mistaken: str) -> list[Visit]:
    """Return the batches, and one of the unit `mistaken` that is corrected later."""
    cases = [
        Visit(
            unit=troubled[number],
            at=datetime.fromisoformat(at),
            level=level,
            headcount=headcount,
            abnormal=abnormal,
            key_person=key_person,
            note=note,
        )
        for number, at, level, headcount, abnormal, key_person, note in EDGE_CASES
    ]
    at = datetime(2016, 4, 20, 9, 35)  # noqa: DTZ001 - the contract's times are local to the town
    return [*cases, Visit(mistaken, at, "national", 7, abnormal=True, note="待复核")]
