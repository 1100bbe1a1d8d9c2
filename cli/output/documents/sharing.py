"""Tell which units have which points: where most are alike, by the exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.numerals import points_text
from ledger.decimals import plain
from projections.bulletin_clauses import UNREPORTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Causes, ClausePoints, Part

CAUSES = {
    "{}: late, in on {}, due {}": "迟报",
    "{}: missing, due {}, not in by {}": "未上报",
    "{}: not in yet, due {}, still owed on {}": "逾期未上报",
    "{}: {} had {} of {} cases": "不达标",
    "{}: {} had {} of {}": "不达标",
    "{} of {}, {} % owed": "不达标",
    UNREPORTED: "未上报",
}
"""By template of a working: what it is that costs."""

_FEWEST = 4
"""Units of which most can be alike; of fewer each is named."""


def verb_of(clause: ClausePoints, points: Decimal, terms: Terms) -> str:
    """Return the word for points that a clause gave or took, or a bound changed a score by."""
    if clause.manner in {"points", "lacking", "carried"}:
        return terms.words.taken if points < 0 else terms.words.given
    return "减少" if points < 0 else "增加"


def shares(clause: ClausePoints, terms: Terms, between: str = "；") -> str:
    """Return the units of a clause, those with equal points together: 甲村、乙村各扣1分.

    Args:
        clause: the points of a clause.
        terms: the words of the bulletin.
        between: the punctuation between units with other points.
    """
    groups: dict[tuple[Decimal, int, tuple[Part, ...], Causes], list[str]] = {}
    for share in clause.shares:
        key = share.points, share.times, share.parts, share.causes
        groups.setdefault(key, []).append(share.name)
    told = []
    for (points, times, parts, causes), names in groups.items():
        notes = [f"{times}次"] if times > 1 and clause.manner == "points" else []
        if len(clause.causes) > 1 and causes_of(causes):
            notes = [causes_of(causes)]
        notes += _parts(parts, times)
        note = f"（{'，'.join(notes)}）" if notes else ""
        told.append(f"{_have(clause, points, names, terms)}{note}")
    return between.join(told)


def causes_of(causes: Causes) -> str:
    """Return what it is that cost points, with how often: 迟报1次、未上报2次."""
    found, times = dict(causes), dict[str, int]()
    for template, zh in CAUSES.items():
        if template in found:
            times[zh] = times.get(zh, 0) + found[template]
    return "、".join(f"{zh}{number}次" for zh, number in times.items())


def _parts(parts: Iterable[Part], times: int) -> Iterator[str]:
    """Yield what a unit bears of what is split: 人员稳控单位，承担30%."""
    among = "其中"
    for part in parts:
        some = f"{among}{part.times}次为" if part.times < times else ""
        among = "" if some else among
        yield f"{some}{part.words.zh}，承担{plain(part.factor * 100)}%"


def _have(clause: ClausePoints, points: Decimal, names: Sequence[str], terms: Terms) -> str:
    each = "各" if len(names) > 1 else ""
    return f"{'、'.join(names)}{each}{_what(clause, points, terms)}"


def _what(clause: ClausePoints, points: Decimal, terms: Terms) -> str:
    return f"{verb_of(clause, points, terms)}{points_text(abs(points))}{terms.points}"


def by_exception(clause: ClausePoints, units: Iterable[str], terms: Terms) -> str | None:
    """Return what most units have, and who has not, as 除甲村外，其余各单位各加2.5分.

    None where no points are those of more than half of the units.

    Args:
        clause: the points of a clause.
        units: the names of all units.
        terms: the words of the bulletin.
    """
    names = list(units)
    points_of = {share.name: share.points for share in clause.shares}
    groups: dict[Decimal, list[str]] = {}
    for share in clause.shares:
        groups.setdefault(share.points, []).append(share.name)
    points, most = max(groups.items(), key=lambda one: len(one[1]), default=(None, []))
    is_carried = clause.manner == "carried"
    if points is None or is_carried or len(names) < _FEWEST or 2 * len(most) <= len(names):
        return None
    if len(most) == len(names):
        return f"各单位均{_what(clause, points, terms)}。"
    without = "、".join(name for name in names if name not in points_of)
    others = [(value, some) for value, some in groups.items() if value != points]
    if without and others:
        without += f"未{terms.words.less if points < 0 else terms.words.more}"
    parts = [*filter(None, [without]), *(_have(clause, *one, terms) for one in others)]
    return f"除{'，'.join(parts)}外，其余各单位各{_what(clause, points, terms)}。"
