"""Word what a unit's score comes to on its slip: the total, and flags with their reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.numerals import day_text, points_text
from cli.output.documents.terms import terms_of
from projections.adjusting import CARRIED
from projections.raised import flags_by, raised_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.output.documents.reasons import Reasons
    from cli.output.documents.terms import Terms
    from projections.facts import TownYear
    from projections.postings import Flag, OpenPoint
    from projections.scores import PeriodScore, UnitScore

_VERBS = ("取消", "不得", "不予", "不能", "予以", "列入", "暂停", "限制", "停止", "实行")
"""How the titles of flags begin that say what is done; others name it, or what a unit is."""

_NAMED = ("否决", "警告", "管理", "约谈", "问责", "通报")
"""What the titles of flags end with that name what is done."""

_MOST_NAMED = 2
"""Entries that are named of those that may yet cost a unit its awards."""


def standing(
    score: UnitScore,
    shown: PeriodScore | None,
    town: TownYear,
    terms: Terms,
    name: str,
    reasons: Reasons,
    undecided: Sequence[OpenPoint] = (),
    published: str | None = None,
) -> str:
    """Return the total of a period or year, what is beside it, and the flags by then.

    Before it is over, that it is not.

    Args:
        score: of the unit.
        shown: of the period; None for the year.
        town: the year.
        terms: the measure's words.
        name: of the period or year.
        reasons: says what entries are.
        undecided: what may yet cost the unit its awards.
        published: the score that was published last, if it is another one.
    """
    total = score.total if shown is None else shown.score
    last = town.last if shown is None else town.calendar.period(town.year, shown.number).last
    until = ""
    if town.through < last:
        until = f"截至{day_text(town.through)}（{terms.this}尚未结束），"
    text = f"{name}{terms.subject}考核，{until}你单位得{points_text(total)}{terms.points}。"
    if published is not None:
        was, now = (f"{points_text(one)}{terms.points}" for one in (published, total))
        text += f"原通报{was}，现更正为{now}。"
    if shown is not None and shown.beside:
        beside = "、".join(
            f"{one.title.zh}{points_text(shown.beside[one.slug])}{terms.points}"
            for one in town.measure.beside_a_period
        )
        text += f"另有{beside}，计入{terms_of(town.measure, of_year=True).figure}。"
    if shown is not None and shown.number in score.carried:
        text += f"{terms.this}{terms.score}按原通报{_basis(score, shown.number)}结转。"
    text += "".join(_flags(score, None if shown is None else shown.number, town, reasons))
    return text if shown is not None else text + _result(score, town, reasons, undecided)


def _result(
    score: UnitScore, town: TownYear, reasons: Reasons, undecided: Sequence[OpenPoint]
) -> str:
    """Return rank and band of the year, and whether the unit may receive awards."""
    measure, found = town.measure, list[str]()
    if score.rank is not None:
        among = {"group": "本组", "type": "同类单位中"}.get(measure.rank.within or "", "")
        found.append(f"{among}排第{score.rank}名")
    band = next((one.title.zh for one in measure.bands if one.name == score.band), None)
    if band is not None:
        found.append(f"等次为{band}")
    if any(not one.eligible for one in measure.flags.values()):
        if score.eligible and undecided:
            names = list(dict.fromkeys(reasons.entries.name(one.entry) for one in undecided))
            more = f"等{len(names)}项" if len(names) > _MOST_NAMED else ""
            what = f"{'；'.join(names[:_MOST_NAMED])}{more}"
            found.append(f"年度评先评优资格待定（{what}，是否影响资格尚未确定）")
        else:
            found.append(f"{'具备' if score.eligible else '不具备'}年度评先评优资格")
    if not found:
        return ""
    return f"{'' if town.closed else '目前'}{'，'.join(found)}。"


def _basis(score: UnitScore, number: int) -> str:
    """Return where the figures of a carried period were published, in brackets."""
    found = (
        f"（{one.working.values[0]}）"
        for one in score.postings()
        if one.period == number and one.working.template == CARRIED.template
    )
    return next(found, "")


def _flags(score: UnitScore, number: int | None, town: TownYear, reasons: Reasons) -> Iterator[str]:
    """Yield a sentence for each flag: for what it was raised first, by which clause, since when."""
    measure = town.measure
    causes: dict[str, list[Flag]] = {}
    for one in raised_by(score, number, measure):
        causes.setdefault(one.flag, []).append(one)
    for flag in flags_by(score, number, measure):
        first, *others = causes[flag]
        title = measure.flags[flag].title.zh
        effect = title if title.startswith(_VERBS) else f"确定为“{title}”"
        if title.endswith(_NAMED):
            effect = f"实行{title}"
        since = ""
        if first.period is not None:
            since = f"（{measure.calendar.period(town.year, first.period).title.zh}起）"
        again = f"等{len(others) + 1}次" if others else ""
        citation = measure.heading(first.clause).citation
        yield f"{reasons.cause(first)}{again}，按{citation}{effect}{since}。"
