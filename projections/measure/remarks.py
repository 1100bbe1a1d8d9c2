"""Remarks on a measure, which refuse nothing: doubts that only the text can settle."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from ledger.decimals import plain
from ledger.message import Message, Series
from projections.measure.calendar import MeasureCalendar
from projections.measure.cases import cases_of
from projections.measure.checking_text import bare
from projections.measure.draft import Problem, by_readings
from projections.measure.files import CASES, MEASURE, SENTENCES, TEXT, parsed
from projections.measure.model import ByReading
from projections.measure.quoted_numbers import NUMBER, loses_all, quoted, value_of
from projections.measure.remarked_sums import full_points_of, sums

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from projections.measure.calendar import YearSpan
    from projections.measure.files import Folder
    from projections.measure.head import Section
    from projections.measure.model import Amount, Clause, MeasureData, Reading

Remark = Problem
"""A remark has file, place and words, as a problem."""

_AS_THE_CASE_MAY_BE = re.compile(r"酌情|视情[况节]?|酌[减加扣]|适当[扣加减奖]|情节[严轻]重")
_BOUND = re.compile(rf"({NUMBER})\s*([人次起件分个批名元天日]|小时|%|％|万元|亩|平方米)?以([上下])")


def remarks(content: Mapping[str, str]) -> list[Remark]:
    """Return what is to be said of a measure.

    Args:
        content: texts by file name, in which `checking.problems` found none.
    """
    folder = parsed(content, [])
    assert folder is not None
    points = full_points_of(folder)
    calendar = MeasureCalendar(folder.calendar, folder.period)
    found = [*sums(folder, points), *_signs(folder), *_readings(folder)]
    found += _between(folder, calendar)
    of_sentence: dict[str, list[Reading]] = {}
    for clause in folder.clause:
        of_sentence.setdefault(bare(clause.sentence.zh), []).extend(clause.reading)
    sections = {one.slug: one for one in folder.section}
    span = calendar.span(folder.measure.year)
    for clause in folder.clause:
        file = folder.file_of[clause.slug]
        section = sections.get(clause.section)
        told = [
            *_contradictions(clause),
            *([] if section is None else _without_floor(clause, section, points.get(clause.slug))),
            *_discretion(clause),
            *_inclusion(
                _texts(clause),
                [*of_sentence[bare(clause.sentence.zh)], *folder.reading],
                _continuous(clause),
            ),
            *_out_of_year(clause, span),
            *([] if TEXT in content else _uncompared(clause)),
            *_unbounded_sum(clause),
        ]
        found += (Problem(file, f"{clause.slug}{key}", words) for key, words in told)
    for number, sentence in enumerate(folder.sentence):
        if sentence.by and "band" in sentence.by:
            said = _inclusion([bare(sentence.text)], folder.reading)
            found += (Problem(SENTENCES, f"sentence[{number}]", words) for _, words in said)
        for one in [] if sentence.clause else _AS_THE_CASE_MAY_BE.finditer(bare(sentence.text)):
            found.append(Problem(SENTENCES, f"sentence[{number}]", _left_open(one[0])))
    for number, band in enumerate(folder.band):
        for _, words in _inclusion([bare(band.title.zh)], folder.reading):
            found.append(Problem(MEASURE, f"band[{number}].title", words))
    if not cases_of(content):
        words = Message("there is no worked case: nothing shows that points are as the text means")
        found.append(Problem(CASES, None, words))
    return found


def dated_for(content: Mapping[str, str], year: int) -> list[Remark]:
    """Return what is to be said of a measure that is adopted for a year.

    Args:
        content: texts by file name, in which `checking.problems` found none.
        year: the assessment year.
    """
    folder = parsed(content, [])
    assert folder is not None
    span = MeasureCalendar(folder.calendar, folder.period).span(year)
    return [
        Problem(folder.file_of[clause.slug], f"{clause.slug}{key}", words)
        for clause in folder.clause
        for key, words in _out_of_year(clause, span)
    ]


def _between(folder: Folder, calendar: MeasureCalendar) -> Iterator[Remark]:
    """Yield the days that lie in no period, if a section is of periods."""
    sections = [one.slug for one in folder.section if one.of == "period"]
    gaps = calendar.gaps(folder.measure.year)
    if gaps and sections:
        spans = [Message("{first} to {last}", first=first, last=last) for first, last in gaps]
        words = Message(
            "{spans}: in no period; nothing is owed then, and entries of these days count nowhere "
            "in {sections}",
            spans=Series(spans),
            sections=Series(sections),
        )
        yield Problem(MEASURE, "period", words)


def _out_of_year(clause: Clause, span: YearSpan) -> Iterator[tuple[str, Message]]:
    """Yield the days of amounts that lie outside an assessment year."""
    for number, amount in enumerate(clause.amount):
        for key, day in (("from", amount.since), ("until", amount.until)):
            if day is not None and day not in span:
                words = Message(
                    "{day} lies outside the year {year}, {first} to {last}: the amount is stated "
                    "for all of it or for none",
                    day=day,
                    year=span.year,
                    first=span.first,
                    last=span.last,
                )
                yield f".amount[{number}].{key}", words


def _uncompared(clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield the quotes of a text that is not part of the folder."""
    for number, amount in enumerate(clause.amount):
        if amount.quote:
            words = Message("there is no text.txt to look it up in; add it, or give a paraphrase")
            yield f".amount[{number}].quote", words


def _unbounded_sum(clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield that points of several findings may add up to more than the item has."""
    several = getattr(clause.parameters, "several", None)
    values = several.values or {} if isinstance(several, ByReading) else {"": several}
    if "sum" in values.values() and clause.parameters.graded and clause.cap is None:
        words = Message("points of several findings add up to more than “full”; a cap bounds them")
        yield ".several", words


def _signs(folder: Folder) -> Iterator[Remark]:
    """Yield the bounds of sections of deductions that are not of their signed points."""
    for number, section in enumerate(folder.section):
        if not section.deducts:
            continue
        if section.cap is not None and section.cap > 0:
            words = Message(
                "deductions are below 0 and never reach {cap}; at most {cap} is taken with "
                'floor = "-{cap}"',
                cap=plain(section.cap),
            )
            yield Problem(MEASURE, f"section[{number}].cap", words)
        if section.floor is not None and section.floor >= 0:
            words = Message(
                "deductions are below {floor}, so that all of them are cut; at most 4 is taken "
                'with floor = "-4"',
                floor=plain(section.floor),
            )
            yield Problem(MEASURE, f"section[{number}].floor", words)


def _readings(folder: Folder) -> Iterator[Remark]:
    """Yield the readings that decide nothing."""
    used = set[str]()
    heads: list[MeasureData] = [folder.calendar, folder.rank, *folder.section, *folder.scale]
    heads += [] if folder.batches is None else [folder.batches]
    for part in (*heads, *folder.clause):
        used |= {decided.reading for *_, decided in by_readings(part)}
    for scale in folder.scale:
        used |= set(scale.condition)
    for clause in folder.clause:
        where = getattr(clause.parameters, "where", [])
        used |= {name for one in (*clause.amount, *where) for name in one.condition}
    for file, slug, reading in folder.placed_readings():
        if reading.name not in used:
            place = ".".join(filter(None, (slug, f"reading {reading.name}")))
            yield Problem(file, place, Message("decides nothing"))


def _contradictions(clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield the amounts that the words quoted for them do not state."""
    for number, amount in enumerate(clause.amount):
        text = bare(amount.said)
        said = quoted(text)
        stated = _stated(amount)
        if stated is None:
            continue
        value, known = stated
        expected = getattr(said, known)
        if not expected and known in ("points", "factors"):
            expected = said.others
        is_lost = isinstance(amount.points, Decimal) and amount.points < 0 and loses_all(text)
        if is_lost and expected <= {0}:
            # 该项不得分: what the item has is taken.
            continue
        if expected and value not in expected:
            numbers = Series(plain(one) for one in sorted(expected))
            words = Message(
                "{value} is stated, and the words quoted say {numbers}: “{quote}”",
                value=plain(value),
                numbers=numbers,
                quote=amount.said,
            )
            if not amount.quote:
                words = Message(
                    "{value} is stated, and the paraphrase says {numbers}: “{quote}”",
                    value=plain(value),
                    numbers=numbers,
                    quote=amount.said,
                )
            yield f".amount[{number}]", words


def _stated(amount: Amount) -> tuple[Decimal, str] | None:
    """Return the value of an amount and where to look for it; None if a reading decides it."""
    if isinstance(amount.points, Decimal):
        return abs(amount.points), "points"
    if isinstance(amount.factor, Decimal):
        return amount.factor, "factors"
    if amount.percent is not None:
        return amount.percent, "percents"
    if amount.count is not None:
        return Decimal(amount.count), "numbers"
    return None


def _without_floor(
    clause: Clause, section: Section, full: Decimal | None
) -> Iterator[tuple[str, Message]]:
    """Yield the deductions that take more than there is, where no floor is stated."""
    item = section.opening if full is None and section.of == "period" else full
    if clause.floor is not None or section.floor is not None or not item:
        return
    for number, amount in enumerate(clause.amount):
        points = amount.points
        if isinstance(points, ByReading) or points is None or points >= 0:
            continue
        if -points > item:
            yield (
                f".amount[{number}]",
                Message(
                    "takes {points} of {item}, and no floor is stated",
                    points=plain(-points),
                    item=plain(item),
                ),
            )
    if clause.kind == "graded":
        yield from _missing(clause, item)


def _missing(clause: Clause, item: Decimal) -> Iterator[tuple[str, Message]]:
    most, each = clause.parameters.most_missing, None
    for amount in clause.amount:
        if amount.of == "missing" and isinstance(amount.points, Decimal):
            each = -amount.points
    if each is not None and (most is None or most * each > item):
        yield (
            "",
            Message(
                "what is missing can take more than the item's {item}, and no floor is stated",
                item=plain(item),
            ),
        )


def _discretion(clause: Clause) -> Iterator[tuple[str, Message]]:
    texts = [clause.sentence.zh, *(amount.said for amount in clause.amount)]
    for word in dict.fromkeys(
        one[0] for text in texts for one in _AS_THE_CASE_MAY_BE.finditer(bare(text))
    ):
        yield "", _left_open(word)


def _left_open(word: str) -> Message:
    return Message("the text leaves it to whoever decides: “{word}”", word=word)


def _texts(clause: Clause) -> list[str]:
    return [bare(text) for text in (clause.sentence.zh, *(one.said for one in clause.amount))]


def _continuous(clause: Clause) -> frozenset[Decimal]:
    """Return the percentages from which points are taken for each one below: 0 at the bound."""
    below = any(one.times in ("points_below", "points_begun") for one in clause.amount)
    percents = (one.percent for one in clause.amount) if below else ()
    return frozenset(one for one in percents if one is not None)


def _inclusion(
    texts: Sequence[str], readings: Sequence[Reading], settled: Container[Decimal] = ()
) -> Iterator[tuple[str, Message]]:
    """Yield the numbers of which it is not said whether 以上 or 以下 includes them.

    Args:
        texts: of the clause.
        readings: those that may settle it.
        settled: percentages of which it makes no difference.
    """
    told = "".join(
        text
        for reading in readings
        for text in (
            reading.summary.zh,
            *(f"{one.meaning}{one.meaning_zh}" for one in reading.value),
        )
    )
    seen = dict.fromkeys(one.groups("") for text in texts for one in _BOUND.finditer(text))
    for number, unit, side in seen:
        if unit in {"%", "％"} and value_of(number) in settled:
            continue
        included = any(f"含{number}" in text or "含本数" in text for text in texts)
        if not included and f"{number}{unit}" not in told:
            yield (
                "",
                Message(
                    "it is open whether {phrase} includes {number}; no reading speaks of it",
                    phrase=f"{number}{unit}以{side}",
                    number=number,
                ),
            )
