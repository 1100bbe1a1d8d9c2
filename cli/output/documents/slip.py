"""Word the slip by which a unit learns its score of a period or year (得分告知单)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cli.output.documents.filling import Table
from cli.output.documents.fitting import fitting
from cli.output.documents.losses import losses_of
from cli.output.documents.numerals import day_text, number_text, points_text
from cli.output.documents.pending import of_entries, pending
from cli.output.documents.reasons import Reasons
from cli.output.documents.slip_page import lines_of, room
from cli.output.documents.standing import standing
from cli.output.documents.terms import named, terms_of
from cli.output.documents.wording import letterhead
from projections.full_points import full_of, full_of_all
from projections.pending_flags import pending_flags
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal

    from cli.office import Office
    from cli.output.documents.filling import Value
    from cli.output.documents.terms import Terms, UnitWords
    from cli.output.documents.wording import Proof
    from ledger.state import LedgerState
    from projections.full_points import Told
    from projections.measure import Measure
    from projections.scores import PeriodScore, UnitScore, YearScores

REQUIRED = (
    "单位名称",
    "考核期",
    "得分说明",
    "得分项.项目",
    "得分项.得分",
    "扣分",
    "待定",
    "异议",
    "台账证明",
)
"""Fields without which a slip would not say what it has to."""

_LEAST = 10
"""Lines that losses, gains and what is not settled take at least, where there is more of each."""

COLUMNS = ("项目", "满分", "得分")


def titles_of(words: UnitWords) -> dict[str, str]:
    """Return the headers of `COLUMNS` in the words for figures of a unit."""
    return dict(zip(COLUMNS, ("项目", words.full, words.score), strict=True))


def slip_values(
    score: UnitScore,
    scores: YearScores,
    number: int | None,
    state: LedgerState,
    office: Office,
    proof: Proof,
    made_on: date,
    *,
    at_desk: bool = False,
    published: str | None = None,
) -> dict[str, Value]:
    """Return the values of the fields of a slip's template; it has no other unit's figures.

    Args:
        score: of the unit.
        scores: of its year, with postings.
        number: the period's, from 1, in which the unit is assessed; None for the year.
        state: the ledger, for what entries say.
        office: the office's own words.
        proof: of the figures.
        made_on: the day on which the slip is made, from which the days to object count.
        at_desk: whether units have accounts, by which they object at the desk.
        published: the score that was published last, if it is another one.
    """
    town, measure = scores.town, scores.town.measure
    terms = terms_of(measure, of_year=number is None)
    period = None if number is None else town.calendar.period(town.year, number)
    reasons = Reasons(state, town, score)
    reasons.cites = True
    name = named(town.year, period, measure)
    shown = None if number is None else score.period(number)
    assert number is None or shown is not None, f"{score.unit} is not assessed in {name}"
    losses = losses_of(score, scores, number)
    undecided = pending_flags(score, state, town)
    figures = list(_figures(score, shown, measure, terms))
    standing_text = standing(score, shown, town, terms, name, reasons, undecided, published)
    objecting = _objecting(office, made_on, terms, at_desk=at_desk)
    basis = _basis(measure, terms)
    left = room(len(figures), [basis, standing_text, objecting], proof.text())
    # What may cost the unit its awards comes first, and is never added up.
    undecided = [one for one in losses.open if one in undecided]
    grave = of_entries(undecided, measure, reasons, together=False)
    if lines_of(grave) > left // 3:
        grave = of_entries(undecided, measure, reasons, together=True)
    left -= lines_of(grave)
    of_periods = (
        []
        if number is not None
        else _of_periods(score, scores, terms, min(left // 2, left - _LEAST))
    )
    left -= lines_of(of_periods)

    def told(some: Sequence[Told], most: int | None = None) -> list[str]:
        return fitting(some, measure.section_under, reasons, most)

    def height(texts: Sequence[str]) -> int:
        return max(lines_of(texts), 1)

    others = pending(losses, measure, reasons, undecided)
    lost, got = told(losses.lost), told(losses.got)
    total = sum(map(height, (others, lost, got)))
    earlier = _earlier(score, number, measure, reasons, left - total)
    left -= lines_of(earlier)
    if total > left and reasons.cites:
        reasons.cites = False
        lost, got = told(losses.lost), told(losses.got)
        total = sum(map(height, (others, lost, got)))
    if total > left:
        others = pending(losses, measure, reasons, undecided, together=True)
        others = _first(others, max(left // 3, 2))
        left -= height(others)
        fewest = height(told(losses.got, 0))
        lost = told(losses.lost, left - max(min(lines_of(got), left // 4), fewest))
        got = told(losses.got, left - height(lost))
    open_texts = [*grave, *others]
    took, gave = terms.words.less, terms.words.more
    return {
        **letterhead(office, made_on),
        "成文日期": day_text(made_on),
        "单位名称": score.name,
        "单位编号": score.unit,
        "考核期": name,
        "工作": terms.subject,
        "计分单位": terms.points,
        "考核依据": basis,
        "得分说明": standing_text,
        "得分项": Table(list(COLUMNS), figures),
        "扣分": [*of_periods, *lost] or [f"{terms.this}没有{took}。"],
        "加分": got or [f"{terms.this}没有{gave}。"],
        "待定": [*(open_texts or [f"{terms.this}没有尚未确定的事项。"]), *earlier],
        "异议": objecting,
        "台账证明": proof.text(),
    }


def _figures(
    score: UnitScore, shown: PeriodScore | None, measure: Measure, terms: Terms
) -> Iterator[dict[str, str]]:
    """Yield the rows of the figures: sections or periods, their sum, and what is beside it."""

    def row(title: str, full: Decimal | None, points: Decimal) -> dict[str, str]:
        most = points_text(full) if full else "—"
        return dict(zip(COLUMNS, (title, most, points_text(points)), strict=True))

    of_sections = [full_of(one, measure) for one in measure.of_a_period]
    of_period = full_of_all(measure.of_a_period, measure)
    if shown is not None:
        for one, full in zip(measure.of_a_period, of_sections, strict=True):
            yield row(one.title.zh, full, shown.sections[one.slug])
        yield row(terms.figure, of_period, shown.score)
        for one in measure.beside_a_period:
            yield row(one.title.zh, None, shown.beside[one.slug])
        return
    titles = {one.number: one.title.zh for one in measure.calendar.periods(measure.source.year)}
    for period in score.periods:
        yield row(titles[period.number], of_period, period.score)
    for one in measure.of_the_year:
        yield row(one.title.zh, full_of(one, measure), score.sections[one.slug])
    yield row(terms.figure, None, score.total)


def _of_periods(score: UnitScore, scores: YearScores, terms: Terms, most: int) -> list[str]:
    """Return which periods of a year cost points, by clause: each reason is told in their slips.

    On more than `most` lines, as of twelve months, the clauses are left out.
    """
    measure, town = scores.town.measure, scores.town
    of_a_period = {one.slug for one in measure.of_a_period}
    long, short = list[str](), list[str]()
    are_all_carried = True
    for period in score.periods:
        of_clause: dict[str, Decimal] = {}
        for one in losses_of(score, scores, period.number).lost:
            if measure.section_under(one.line.clause) in of_a_period:
                title = one.line.title
                of_clause[title] = of_clause.get(title, ZERO) - one.points
        if not of_clause:
            continue
        costliest = sorted(of_clause.items(), key=lambda one: -one[1])
        parts = "、".join(f"{title}{points_text(one)}{terms.points}" for title, one in costliest)
        total = f"{points_text(sum(of_clause.values(), ZERO))}{terms.points}"
        title = town.calendar.period(town.year, period.number).title.zh
        is_carried = period.number in score.carried
        are_all_carried = are_all_carried and is_carried
        manner = "，按原通报结转" if is_carried else ""
        long.append(f"{title}{terms.words.taken}{total}（{parts}）{manner}。")
        short.append(f"{title}{total}{'（按原通报结转）' if is_carried else ''}")
    if not long:
        return []
    less = terms.words.less
    texts = long if lines_of(long) < most else [f"各期{less}：{'、'.join(short)}。"]
    return texts if are_all_carried else [*texts, f"以上各期的{less}原因，见该期告知单。"]


def _earlier(
    score: UnitScore, number: int | None, measure: Measure, reasons: Reasons, room: int
) -> list[str]:
    """Return what is not settled of earlier periods, or how much, where there is no room."""
    if number is None:
        return []
    points = [one for one in score.open if one.period is not None and one.period < number]
    texts = of_entries(points, measure, reasons, together=True)
    if not texts:
        return []
    told = [f"前期遗留：{''.join(texts)}"]
    return told if lines_of(told) <= room else [f"前期遗留{len(points)}项，见前期告知单。"]


def _first(texts: Sequence[str], room: int) -> list[str]:
    """Return as many sentences on what is open as fit on so many lines."""
    kept = len(texts)
    while kept and lines_of(texts[:kept]) > room - (kept < len(texts)):
        kept -= 1
    more = [f"另有{len(texts) - kept}项，见评分明细。"] if kept < len(texts) else []
    return [*texts[:kept], *more]


def _basis(measure: Measure, terms: Terms) -> str:
    """Return by which measure the unit was scored."""
    source = measure.source
    number = f"（{number_text(source.number)}）" if source.number else ""
    return f"根据《{source.name}》{number}，现将你单位考核{terms.score}告知如下。"


def _objecting(office: Office, made_on: date, terms: Terms, *, at_desk: bool) -> str:
    """Return how to object, and by when, as far as the office has set it."""
    by = "　　年　　月　　日（含当日）"
    if office.objection_days is not None:
        by = f"{day_text(made_on + timedelta(days=office.objection_days))}（含当日）"
    where = office.name or "　　　　　　"
    contact = f"（{office.contact}）" if office.contact else ""
    desk = "；有工作台账户的，也可登录后在“异议”页提出" if at_desk else ""
    return (
        f"对以上{terms.score}有异议的，请于{by}前，以书面形式写明对哪一项有异议和理由，附依据材料，"
        f"送{where}{contact}{desk}。"
        "异议和答复都记入台账，核实有误的予以更正。"
    )
