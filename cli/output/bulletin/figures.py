"""Word the figures of a bulletin: summary, ranking, changes and the rows of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language.chinese import chinese
from cli.output.bulletin.numerals import points_text, signed_points
from cli.output.bulletin.terms import tags_of
from cli.output.remarks import remarks
from ledger.decimals import quotient
from projections.measure.model import ByReading
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from cli.output.bulletin.terms import Terms
    from projections.bulletin_parts import Bulletin, ClausePoints, Row
    from projections.measure import Clause, Measure
    from projections.measure.head import Section

_MOST_NAMES = 10
"""Units of one rank that the text names; the annex lists all."""


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _mean(points: list[Decimal]) -> str:
    """Return the mean, rounded half up to hundredths."""
    return points_text(quotient(sum(points, ZERO), len(points), 2))


def _full(bulletin: Bulletin, measure: Measure) -> Decimal | None:
    """Return the full points of what is added up; None unless every section of it states them."""
    counted = {"period": 1}
    if bulletin.period is None:
        counted = {"period": measure.calendar.count, "year": 1}
        if measure.scales:
            return None
    parts = [one for one in measure.sections.values() if one.of in counted]
    stated = [(_full_of(one, measure), counted[one.of]) for one in parts]
    if any(points is None for points, _ in stated):
        return None
    return sum(((points or ZERO) * times for points, times in stated), ZERO) or None


def _full_of(section: Section, measure: Measure) -> Decimal | None:
    """Return the full points of a section: as stated, or what it opens at if nothing adds to it."""
    if section.weight != 1:
        return None
    if section.points is not None:
        return section.points
    clauses = (one for one in measure.clauses.values() if one.section == section.slug)
    return None if any(map(_adds, clauses)) else section.opening


def _adds(clause: Clause) -> bool:
    """Return whether points may be added under a clause."""
    given = [clause.opening, *(amount.points for amount in clause.amount)]
    given += [] if clause.applies_to is None else [clause.applies_to.otherwise]
    return any(_may_be_positive(one) for one in given if one is not None)


def _may_be_positive(points: Decimal | ByReading) -> bool:
    if not isinstance(points, ByReading):
        return points > 0
    if points.values is None:
        return True
    return any(not str(one).startswith("-") and str(one) != "0" for one in points.values.values())


def summary(bulletin: Bulletin, measure: Measure, terms: Terms) -> str:
    """Return how many units were scored, with the full, mean, highest and lowest points."""
    rows, unit, this = bulletin.rows, terms.points, terms.this
    if not rows:
        return f"{this}没有参加考核的单位。"
    scores = [row.score for row in rows]
    full = _full(bulletin, measure)
    most = "" if full is None else f"{terms.noun}{terms.full}{points_text(full)}{unit}，"
    highest, lowest = max(scores), min(scores)
    text = (
        f"{this}参加考核单位{len(rows)}个，{most}平均得分{_mean(scores)}{unit}；"
        f"最高{points_text(highest)}{unit}（{scores.count(highest)}个单位），"
        f"最低{points_text(lowest)}{unit}。"
    )
    before = [row.before for row in rows if row.before is not None]
    return f"{text}{terms.former}平均得分{_mean(before)}{unit}。" if before else text


def ranking(bulletin: Bulletin, measure: Measure, terms: Terms) -> str:
    """Return the first units and the last; of a period, that the measure does not rank it."""
    if not bulletin.rows:
        return "无。"
    unstated = f"本办法未规定{terms.noun}排名"
    if bulletin.rows[0].rank is None:
        reason = "本办法不排名" if measure.rank.none or bulletin.order == "total" else unstated
        return f"{reason}，各单位按编号排列，得分见附件。"
    titles = _titles(measure)
    groups: dict[str | None, list[Row]] = {}
    for row in bulletin.rows:
        groups.setdefault(row.within, []).append(row)
    texts = []
    for within, rows in groups.items():
        head = f"{titles.get(within, within)}：" if within is not None else ""
        texts.append(head + _ranks(rows, terms))
    text = "".join(texts) + "各单位得分和名次见附件。"
    if bulletin.order == "total":
        return text
    basis = f"{terms.noun}得分"
    if bulletin.order == "with_beside":
        signs = [
            f"{'减' if one.deducts else '加'}{one.title.zh}" for one in measure.beside_a_period
        ]
        basis += _joined(signs)
    if isinstance(measure.rank.period_order, str):
        return f"{text}名次按{basis}排列。"  # as the measure states
    return f"{text}{unstated}，名次按{basis}排列。"


def _titles(measure: Measure) -> dict[str | None, str]:
    """Return the titles of groups and types of units; empty where units are not ranked by them."""
    coded = (*measure.units.group, *measure.units.type)
    return {None: "", **{one.value: one.title.zh for one in coded}}


def _ranks(rows: list[Row], terms: Terms) -> str:
    by_rank: dict[int | None, list[Row]] = {}
    for row in rows:
        by_rank.setdefault(row.rank, []).append(row)
    texts = [_rank(rank, found, terms) for rank, found in by_rank.items()]
    text = "；".join(texts[:3]) + "。"
    return f"{text}排在最后的是{texts[-1]}。" if len(texts) > len(texts[:3]) else text


def _rank(rank: int | None, rows: list[Row], terms: Terms) -> str:
    shared = "并列" if len(rows) > 1 else ""
    names = _joined(row.name for row in rows[:_MOST_NAMES])
    more = f"等{len(rows)}个单位" if len(rows) > _MOST_NAMES else ""
    points = points_text(rows[0].points)
    return f"{shared}第{rank}名：{names}{more}（{points}{terms.points}）"


def changes(bulletin: Bulletin, terms: Terms) -> list[str]:
    """Return which units rose and fell since the period before, most first."""
    moved = [(row, row.score - row.before) for row in bulletin.rows if row.before is not None]
    if not moved:
        is_first = bulletin.period is not None and bulletin.period.number == 1
        why = f"为考核年度首{terms.noun}" if is_first else f"没有{terms.former}的得分"
        return [f"{terms.this}{why}，不作比较。"]
    moved.sort(key=lambda pair: (-abs(pair[1]), pair[0].unit))
    up = [(row, change) for row, change in moved if change > 0]
    down = [(row, change) for row, change in moved if change < 0]
    same = len(moved) - len(up) - len(down)
    texts = [f"得分上升的单位{len(up)}个，下降的{len(down)}个，持平的{same}个。"]
    for group, label in ((up, "上升"), (down, "下降")):
        if group:
            units = _joined(
                f"{row.name}（{points_text(abs(change))}{terms.points}）" for row, change in group
            )
            texts.append(f"{label}：{units}。")
    return texts


def verb_of(clause: ClausePoints, points: Decimal) -> str:
    """Return the word for points that a clause gave or took, or a bound changed a score by."""
    if clause.manner == "points":
        return "扣" if points < 0 else "加"
    return "减少" if points < 0 else "增加"


def shares(clause: ClausePoints, terms: Terms) -> str:
    """Return the units of a clause, those with equal points together: 甲村、乙村各扣1分."""
    groups: dict[tuple[Decimal, int], list[str]] = {}
    for share in clause.shares:
        groups.setdefault((share.points, share.times), []).append(share.name)
    parts = []
    for (points, times), names in groups.items():
        each = "各" if len(names) > 1 else ""
        often = f"（{times}次）" if times > 1 and clause.manner == "points" else ""
        amount = f"{points_text(abs(points))}{terms.points}"
        parts.append(f"{_joined(names)}{each}{verb_of(clause, points)}{amount}{often}")
    return "；".join(parts)


def row_texts(bulletin: Bulletin, measure: Measure) -> list[dict[str, str]]:
    """Return the table's rows, each as text by the name of a tag."""
    columns = (*bulletin.scored, *bulletin.beside)
    tags = tags_of(columns, measure)
    bands = {band.name: band.title.zh for band in measure.bands}
    titles, texts = _titles(measure), []
    for row in bulletin.rows:
        change = None if row.before is None else row.score - row.before
        figures = [row.figures.get(column.key) for column in columns]
        shown = ["—" if one is None else points_text(one) for one in figures]
        texts.append(
            {
                "rank": "—" if row.rank is None else str(row.rank),
                "unit": row.unit,
                "name": row.name,
                "within": titles.get(row.within) or row.within or "",
                **dict(zip(tags, shown, strict=True)),
                "score": points_text(row.score),
                "before": "—" if row.before is None else points_text(row.before),
                "change": "—" if change is None else signed_points(change),
                "total": points_text(row.total),
                "band": bands.get(row.band or "", ""),
                "remarks": "；".join(_remarks(row, bulletin, measure)),
            }
        )
    return texts


def _remarks(row: Row, bulletin: Bulletin, measure: Measure) -> Iterator[str]:
    """Yield flags, and why the figures of a unit are not made as those of others."""
    yield from (measure.flags[flag].title.zh for flag in row.flags)
    carried = [measure.calendar.period(bulletin.year, number) for number in row.carried]
    yield from map(chinese, remarks(carried, row.first, row.last))
