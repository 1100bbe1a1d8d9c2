"""Word the figures of a bulletin: summary, ranking, changes and the rows of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.language.chinese import chinese
from cli.output.bulletin.numerals import points_text, signed_points
from cli.output.bulletin.terms import tags_of
from cli.output.remarks import remarks
from ledger.decimals import quotient
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from cli.output.bulletin.terms import Terms
    from projections.bulletin_parts import Bulletin, ClausePoints, Row
    from projections.measure import Measure

_MOST_NAMES = 10
"""Units of one rank that the text names; the annex lists all."""


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _mean(points: list[Decimal]) -> str:
    """Return the mean, rounded half up to hundredths."""
    return points_text(quotient(sum(points, ZERO), len(points), 2))


def _full(bulletin: Bulletin, measure: Measure) -> Decimal | None:
    """Return the full points as far as the sections state them; None where none does."""
    parts = [(one.points or one.opening, one) for one in measure.sections.values()]
    found = sum((points for points, one in parts if one.of == "period"), ZERO)
    if bulletin.period is None:
        own = sum((points for points, one in parts if one.of == "year"), ZERO)
        found = found * measure.calendar.count + own
    return found or None


def summary(bulletin: Bulletin, measure: Measure, terms: Terms) -> str:
    """Return how many units were scored, with the full, mean, highest and lowest points."""
    rows, unit, this = bulletin.rows, terms.points, terms.this
    if not rows:
        return f"{this}没有参加考核的单位。"
    scores = [row.score for row in rows]
    full = _full(bulletin, measure)
    most = "" if full is None else f"{terms.noun}满分{points_text(full)}{unit}，"
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
        reason = "本办法不排名" if bulletin.order == "total" else unstated
        return f"{reason}，各单位按编号排列，得分见附件。"
    titles = {one.value: one.title.zh for one in (*measure.units.group, *measure.units.type)}
    groups: dict[str | None, list[Row]] = {}
    for row in bulletin.rows:
        groups.setdefault(row.within, []).append(row)
    texts = []
    for within, rows in groups.items():
        head = f"{titles.get(within or '', within)}：" if within is not None else ""
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
    return f"{text}{unstated}，名次按{basis}排列。"


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


def shares(clause: ClausePoints, terms: Terms) -> str:
    """Return the units of a clause, those with equal points together: 甲村、乙村各扣1分."""
    groups: dict[tuple[Decimal, int], list[str]] = {}
    for share in clause.shares:
        groups.setdefault((share.points, share.times), []).append(share.name)
    parts = []
    for (points, times), names in groups.items():
        each = "各" if len(names) > 1 else ""
        verb = "扣" if points < 0 else "加"
        often = f"（{times}次）" if times > 1 else ""
        amount = f"{points_text(abs(points))}{terms.points}"
        parts.append(f"{_joined(names)}{each}{verb}{amount}{often}")
    return "；".join(parts)


def row_texts(bulletin: Bulletin, measure: Measure) -> list[dict[str, str]]:
    """Return the table's rows, each as text by the name of a tag."""
    columns = (*bulletin.scored, *bulletin.beside)
    tags = tags_of(columns, measure)
    bands = {band.name: band.title.zh for band in measure.bands}
    texts = []
    for row in bulletin.rows:
        change = None if row.before is None else row.score - row.before
        figures = [row.figures.get(column.key) for column in columns]
        shown = ["—" if one is None else points_text(one) for one in figures]
        texts.append(
            {
                "rank": "—" if row.rank is None else str(row.rank),
                "unit": row.unit,
                "name": row.name,
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
