"""Word the slip by which a unit learns its score of a period or year (得分告知单)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from cli.output.documents.figures import full_of
from cli.output.documents.filling import Table
from cli.output.documents.numerals import day_text, points_text
from cli.output.documents.reasons import Reasons
from cli.output.documents.terms import named, terms_of, title_of
from cli.output.documents.wording import letterhead
from projections.explanation import explain_period, explain_year
from projections.judging import OPENING
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cli.office import Office
    from cli.output.documents.filling import Value
    from cli.output.documents.terms import Terms, UnitWords
    from cli.output.documents.wording import Proof
    from ledger.state import LedgerState
    from projections.explanation import Explanation, Line
    from projections.measure import Measure
    from projections.postings import Working
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

COLUMNS = ("项目", "满分", "得分")

_LINES, _LETTERS = 24, 34
"""Lines of a page that are left to the figures and the reasons; characters of a line."""

_MISSED = ("an abnormal batch", "something happened", "not resolved by", "not done by")
"""In the templates of workings by which a reward was not given."""


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
) -> dict[str, Value]:
    """Return the values of the fields of a slip's template; it has no other unit's figures.

    Args:
        score: of the unit.
        scores: of its year, with postings.
        number: the period's, from 1, in which the unit is assessed; None for the year.
        state: the ledger, for what entries say.
        office: the office's own words.
        proof: of the figures.
    """
    town, measure = scores.town, scores.town.measure
    terms = terms_of(measure, of_year=number is None)
    period = None if number is None else town.calendar.period(town.year, number)
    explained = explain_year(score, scores) if number is None else explain_period(
        score, scores, number
    )  # fmt: skip
    reasons = Reasons(state, measure, measure.collective_from(town.readings))
    name = named(town.year, period, measure)
    shown = None if number is None else score.period(number)
    assert number is None or shown is not None, f"{score.unit} is not assessed in {name}"
    lost, got = _told(explained, measure, number)
    figures = list(_figures(score, shown, measure, terms))
    room = _LINES - len(figures)
    pending = _pending(explained, reasons, room // 3)
    of_periods = list(_of_periods(score, measure, terms)) if number is None else []
    room -= _lines(pending) + _lines(of_periods)
    losses = _fitting(lost, reasons, room - min(_lines(_fitting(got, reasons, room)), room // 3))
    rewards = _fitting(got, reasons, room - _lines(losses))
    return {
        **letterhead(office, proof.through),
        "成文日期": day_text(proof.through),
        "单位名称": score.name,
        "单位编号": score.unit,
        "考核期": name,
        "工作": terms.subject,
        "计分单位": terms.points,
        "得分说明": _summary(score, shown, measure, terms, name),
        "得分项": Table(list(COLUMNS), figures),
        "扣分": [*of_periods, *losses] or [f"{terms.this}没有{terms.words.less}。"],
        "加分": rewards or [f"{terms.this}没有{terms.words.more}。"],
        "待定": pending or ["没有尚未确定的事项。"],
        "异议": _objecting(office, proof, terms),
        "台账证明": proof.text(),
    }


def _summary(
    score: UnitScore,
    shown: PeriodScore | None,
    measure: Measure,
    terms: Terms,
    name: str,
) -> str:
    total = score.total if shown is None else shown.score
    text = f"{name}{terms.subject}考核，你单位得{points_text(total)}{terms.points}。"
    if shown is not None and shown.beside:
        beside = "、".join(
            f"{one.title.zh}{points_text(shown.beside[one.slug])}{terms.points}"
            for one in measure.beside_a_period
        )
        text += f"另有{beside}，计入年度总分。"
    numbers = score.flagged_from
    raised = [
        one.title.zh
        for flag, one in measure.flags.items()
        if flag in numbers and (shown is None or numbers[flag] <= shown.number)
    ]
    return text + (f"本年度{'、'.join(raised)}。" if raised else "")


def _figures(
    score: UnitScore, shown: PeriodScore | None, measure: Measure, terms: Terms
) -> Iterator[dict[str, str]]:
    """Yield the rows of the figures: sections or periods, their sum, and what is beside it."""

    def row(title: str, full: Decimal | None, points: Decimal) -> dict[str, str]:
        most = points_text(full) if full else "—"
        return dict(zip(COLUMNS, (title, most, points_text(points)), strict=True))

    of_sections = [full_of(one, measure) for one in measure.of_a_period]
    of_period = _full_of_a_period(measure)
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


def _full_of_a_period(measure: Measure) -> Decimal | None:
    """Return the full points of a period; None unless every section of it states them."""
    found = [full_of(one, measure) for one in measure.of_a_period]
    stated = [one for one in found if one is not None]
    return sum(stated, ZERO) if found and len(stated) == len(found) else None


def _of_periods(score: UnitScore, measure: Measure, terms: Terms) -> Iterator[str]:
    """Yield which periods of a year cost points: why is told in the slips of these."""
    full = _full_of_a_period(measure)
    for period in score.periods:
        lost = ZERO if full is None else full - period.score
        if lost > 0:
            title = title_of(period.name, measure)
            yield f"{title}{terms.words.moved(-lost)}，原因见该期告知单。"


def _told(
    explained: Explanation, measure: Measure, number: int | None
) -> tuple[list[Line], list[Line]]:
    """Return the postings that cost points, and those that gave them or might have.

    Of an inspection that is graded, what was not given is lost. The year's slip leaves to those of
    the periods what is told there.
    """
    lost, got = [], []
    of_period = {one.slug for one in measure.of_a_period}
    for line in (*explained.postings, *explained.beside):
        working = line.working.innermost
        if working == OPENING:
            continue
        if number is None and (line.clause == measure.adding.slug or measure.section_under(
            line.clause) in of_period):  # fmt: skip
            continue
        most = _most_of_item(working)
        if most is not None:
            if line.points < most:
                lost.append(line._replace(points=line.points - most))
        elif line.points < 0:
            lost.append(line)
        elif line.points or any(one in working.template for one in _MISSED):
            got.append(line)
    return sorted(lost, key=lambda one: one.points), sorted(got, key=lambda one: -one.points)


def _most_of_item(working: Working) -> Decimal | None:
    """Return the points of the item of an inspection that a posting is of, if it is of one."""
    places = {"item {}: graded {} of {}": 2, "{} - {} × {}: item {}, {} missing": 0}
    place = places.get(working.template)
    most = None if place is None else working.values[place]
    return most if isinstance(most, Decimal) else None


def _lines(texts: Sequence[str]) -> int:
    return sum(-(-(len(text) + 4) // _LETTERS) for text in texts)


def _fitting(lines: Sequence[Line], reasons: Reasons, room: int) -> list[str]:
    """Return numbered sentences that fit on so many lines.

    Where there are too many, those of one clause are added up, first where there are most of them;
    at last the least points are.
    """
    of_clause: dict[str, list[Line]] = {}
    for one in lines:
        of_clause.setdefault(one.clause, []).append(one)
    told = {slug: [reasons.sentence(one) for one in some] for slug, some in of_clause.items()}
    of_text = {slug: [one.points for one in some] for slug, some in of_clause.items()}
    for slug in sorted(told, key=lambda slug: -_lines(told[slug])):
        if sum(map(_lines, told.values())) > room and len(told[slug]) > 1:
            told[slug] = [reasons.together(of_clause[slug])]
            of_text[slug] = [sum(of_text[slug], ZERO)]
    texts = [*chain.from_iterable(told.values())]
    points = [*chain.from_iterable(of_text.values())]
    kept = len(texts)
    while kept and _lines(texts[:kept]) > room - (kept < len(texts)):
        kept -= 1
    found = [f"{number}．{text}" for number, text in enumerate(texts[:kept], 1)]
    if kept < len(texts):
        rest = reasons.points(sum(points[kept:], ZERO))
        found.append(f"另有{len(texts) - kept}项，合计{rest}。")
    return found


def _pending(explained: Explanation, reasons: Reasons, room: int) -> list[str]:
    """Return sentences on what is not settled; items that were not inspected come in one."""
    texts = reasons.pending(explained.open)
    kept = len(texts)
    while kept and _lines(texts[:kept]) > room - (kept < len(texts)):
        kept -= 1
    more = [f"另有{len(texts) - kept}项，见评分明细。"] if kept < len(texts) else []
    return [*texts[:kept], *more]


def _objecting(office: Office, proof: Proof, terms: Terms) -> str:
    """Return how to object, and by when, as far as the office has set it."""
    by = "　　年　　月　　日"
    if office.objection_days is not None:
        by = day_text(proof.through + timedelta(days=office.objection_days))
    where = office.name or "　　　　　　"
    contact = f"（{office.contact}）" if office.contact else ""
    return (
        f"对以上{terms.score}有异议的，请于{by}前，以书面形式写明对哪一项有异议和理由，附依据材料，"
        f"送{where}{contact}；有评分台账户的，也可登录后在“异议”页提出。"
        "异议和答复都记入台账，核实有误的予以更正。"
    )
