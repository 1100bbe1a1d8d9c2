"""Word the figures of a bulletin: summary, ranking and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output.documents.inspections import is_inspection
from cli.output.documents.numerals import day_text, points_text
from cli.output.documents.problems import cited
from cli.output.documents.table import titles_of
from cli.output.documents.terms import terms_of
from ledger.decimals import quotient
from projections.full_points import full_of, full_of_all
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from cli.output.documents.terms import Terms
    from projections.bulletin_parts import Bulletin, Row
    from projections.measure import Measure

_MOST_NAMES = 10
"""Units of one rank that the text names; the annex lists all."""


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _mean(points: list[Decimal]) -> str:
    """Return the mean, rounded half up to hundredths."""
    return points_text(quotient(sum(points, ZERO), len(points), 2))


def _full(bulletin: Bulletin, measure: Measure) -> Decimal | None:
    """Return the full points of what is added up; None unless every section of it states them."""
    of_period = full_of_all(measure.of_a_period, measure)
    if bulletin.period is not None:
        return of_period or None
    of_year = full_of_all((one for one in measure.sections.values() if one.of == "year"), measure)
    if measure.scales or of_period is None or of_year is None:
        return None
    return of_period * measure.calendar.count + of_year or None


def summary(bulletin: Bulletin, measure: Measure, terms: Terms) -> str:
    """Return how many units were scored, with the full, mean, highest and lowest points."""
    rows, unit, this = bulletin.rows, terms.points, terms.this
    if not rows:
        return f"{this}没有参加考核的单位。"
    full = _full(bulletin, measure)
    most = "" if full is None else f"{terms.of_noun}{terms.full}{points_text(full)}{unit}，"
    spread = _spread([row.score for row in rows], terms)
    score = f"{terms.figure}{_with_beside(measure, bulletin)}"
    text = f"{this}参加考核单位{len(rows)}个，{most}{score}{spread}"
    before = [row.before for row in rows if row.before is not None]
    return f"{text}{terms.former}{terms.score}平均{_mean(before)}{unit}。" if before else text


def carried(bulletin: Bulletin, measure: Measure, terms: Terms) -> list[str]:
    """Return which units' figures of a period are those that were published before the ledger."""
    texts = []
    for period in measure.calendar.periods(bulletin.year):
        rows = [row for row in bulletin.rows if period.number in row.carried]
        if not rows:
            continue
        of_year = bulletin.period is None
        units = _joined(
            f"{row.name}{points_text(row.figures[period.name] if of_year else row.score)}"
            f"{terms.points}"
            for row in rows
        )
        when = period.title.zh if of_year else terms.this
        texts.append(f"{when}{terms.score}按原通报结转、未重新计算的单位{len(rows)}个：{units}。")
    return texts


def _with_beside(measure: Measure, bulletin: Bulletin | None) -> str:
    """Return what is in a score, and what not: （不含奖分、罚分）, （含奖分、罚分，不含年度考核）.

    Without a bulletin, of the year that is over.
    """
    beside = _joined(one.title.zh for one in measure.beside_a_period)
    of_year = bulletin is None or bulletin.period is None
    parts = [f"{'含' if of_year else '不含'}{beside}"] if beside else []
    if bulletin is not None and bulletin.waiting:
        parts.append(f"不含{_joined(measure.sections[one].title.zh for one in bulletin.waiting)}")
    return f"（{'，'.join(parts)}）" if parts else ""


def so_far(bulletin: Bulletin, measure: Measure) -> list[str]:
    """Return what a year's figures do not hold yet: sections that wait, periods that run."""
    if bulletin.period is not None or not bulletin.is_running:
        return []
    waiting = [measure.sections[one].title.zh for one in bulletin.waiting]
    texts = [f"{_joined(waiting)}尚未到计分时间，暂未计入"] if waiting else []
    for period in measure.calendar.periods(bulletin.year):
        if period.first <= bulletin.through < period.last:
            score = terms_of(measure, of_year=False).score
            texts.append(f"{period.title.zh}尚未结束，{score}截至{day_text(bulletin.through)}")
        elif bulletin.through < period.first:
            texts.append(f"{period.title.zh}尚未开始")
    return [f"{'；'.join(texts)}。"] if texts else []


def year_so_ended(bulletin: Bulletin, measure: Measure) -> list[str]:
    """Return what a last period's bulletin says of the year that is over: mean and ranks."""
    if not bulletin.has_year:
        return []
    terms = terms_of(measure, of_year=True)
    spread = _spread([row.total for row in bulletin.rows], terms)
    text = f"{terms.this}考核结束，{terms.figure}{_with_beside(measure, None)}{spread}"
    rows = [row._replace(points=row.total, rank=row.year_rank) for row in bulletin.rows]
    ranked = sorted((row for row in rows if row.rank), key=lambda row: (row.rank or 0, row.unit))
    if ranked:
        text += f"按{terms.figure}从高到低排列，{_of_groups(ranked, measure, terms)}"
    return [text]


def inspections(bulletin: Bulletin, measure: Measure, terms: Terms) -> list[str]:
    """Return a sentence on each inspection that a year's figures hold, once it was made.

    None where other sections of the year are no inspections: the means of some would puzzle.
    """
    texts: list[str] = []
    of_year = [one for one in measure.of_the_year if one.of == "year"]
    if not all(is_inspection(one.slug, measure) for one in of_year):
        return texts
    for section in of_year:
        clauses = [one for one in bulletin.clauses if one.section == section.slug]
        inspected = max((one.judged for one in clauses), default=0)
        if not inspected or not is_inspection(section.slug, measure):
            continue
        points = [row.figures[section.slug] for row in bulletin.rows]
        full = full_of(section, measure)
        most = "" if full is None else f"{terms.full}{points_text(full)}{terms.points}，"
        head = f"{cited(section)}{most}检查{inspected}个单位"
        left = len(points) - inspected
        rest = f"其余{left}个单位尚未检查。" if left else _spread(points, terms)
        texts.append(f"{head}，{rest}")
    return texts


def _spread(points: list[Decimal], terms: Terms) -> str:
    """Return mean, highest and lowest points with the number of units that have them."""
    highest, lowest = max(points), min(points)
    return (
        f"平均{_mean(points)}{terms.points}，"
        f"最高{points_text(highest)}{terms.points}（{points.count(highest)}个单位），"
        f"最低{points_text(lowest)}{terms.points}（{points.count(lowest)}个单位）。"
    )


def ranking(bulletin: Bulletin, measure: Measure, terms: Terms) -> str:
    """Return the first units and the last; of a period, that the measure does not rank it."""
    if not bulletin.rows:
        return "无。"
    unstated = f"本办法未规定{terms.of_noun}排名"
    if bulletin.order == "unranked":
        return f"各单位按编号排列，不排名次，{terms.score}见附件。"
    if bulletin.rows[0].rank is None:
        reason = "本办法不排名" if measure.rank.none or bulletin.order == "total" else unstated
        return f"{reason}，各单位按编号排列，{terms.score}见附件。"
    basis = terms.figure
    if bulletin.order == "with_beside":
        signs = [
            f"{'减' if one.deducts else '加'}{one.title.zh}" for one in measure.beside_a_period
        ]
        basis += _joined(signs)
    stated = bulletin.order == "total" or isinstance(measure.rank.period_order, str)
    note = "" if stated else f"（{unstated}）"
    ranks = _of_groups(bulletin.rows, measure, terms)
    return f"按{basis}从高到低排列{note}，{ranks}各单位{terms.score}和名次见附件。"


def _of_groups(rows: Iterable[Row], measure: Measure, terms: Terms) -> str:
    """Return the first units and the last, of each group or type that is ranked by itself."""
    titles = titles_of(measure)
    groups: dict[str | None, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.within, []).append(row)
    texts = []
    for within, of_group in groups.items():
        head = f"{titles.get(within, within)}：" if within is not None else ""
        texts.append(head + _ranks(of_group, terms))
    return "".join(texts)


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
        why = f"为考核年度首{terms.noun}" if is_first else f"没有{terms.former}的{terms.score}"
        if bulletin.is_running:
            why = "尚未结束"
        return [f"{terms.this}{why}，不作比较。"]
    moved.sort(key=lambda pair: (-abs(pair[1]), pair[0].unit))
    up = [(row, change) for row, change in moved if change > 0]
    down = [(row, change) for row, change in moved if change < 0]
    same = len(moved) - len(up) - len(down)
    new = len(bulletin.rows) - len(moved)
    counts = {"上升的": len(up), "下降的": len(down), "持平的": same}
    parts = [f"{label}{count}个" for label, count in counts.items() if count]
    # 得分上升的单位17个，下降的8个.
    parts[0] = f"{terms.score}{parts[0].replace('的', '的单位', 1)}"
    parts += [f"没有{terms.score}上升的单位"] if not up else []
    parts += [f"新参加考核{new}个"] if new else []
    texts = [f"{'，'.join(parts)}。"]
    for group, label in ((up, "上升"), (down, "下降")):
        if group:
            units = _joined(
                f"{row.name}（{points_text(abs(change))}{terms.points}）" for row, change in group
            )
            texts.append(f"{label}：{units}。")
    return texts
