"""Run the worked cases of a measure's folder: entries in, points out, computed by hand.

`cases/*.toml` hold `[[case]]` tables, described by `Case`. With `row`, a case stands for as many as
there are rows: "$name" takes the row's value, and what takes a value that the row lacks is left
out.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import field
from msgspec.structs import replace

from ledger.errors import TallyError
from ledger.message import Message
from projections.measure.case_entries import entries_of, state_of
from projections.measure.case_values import differences, period_name
from projections.measure.converting import UnsoundMeasureError, converted, toml
from projections.measure.files import CASES
from projections.measure.model import MeasureData
from projections.scores import score_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.measure.measure import Measure
    from projections.postings import Posting
    from projections.scores import YearScores


class Case(MeasureData, frozen=True, kw_only=True):
    """One ledger, one day, and what comes out of it."""

    name: str
    text: str = ""
    """The words of the measure that the case works out."""
    year: int | None = None
    """The assessment year; left out: that of the measure."""
    through: date | None = None
    """The day; left out: the year's last."""
    provisional: bool = False
    """Whether unverified entries count too."""
    rulings: dict[str, str | int | bool] = {}
    """Values of readings, by name."""
    units: list[str | dict[str, Any]] = field(default_factory=lambda: ["V1"])
    """Ids of units of the first type, or unit entries."""
    in_time: bool = False
    """Whether every unit hands in all built-in monthly reports that it owes in time."""
    without: list[str] = []
    """With `in_time`, reports that it does not: `screening_report 2016-03`."""
    unverified: list[str] = []
    """Ids of entries that nobody has verified."""
    entry: list[dict[str, Any]] = []
    """Entries of the contract; without `id` they are numbered by kind (`petition_batch-1`), without
    `unit` they are of the first unit."""
    expect: dict[str, dict[str, Any]] = {}
    """By unit and key (see `case_values.value_of`), the value."""
    order: list[str] = []
    """The units in order of rank."""


class _Tables(MeasureData, frozen=True, kw_only=True):
    case: list[dict[str, Any]]


class PlacedCase(NamedTuple):
    """A case, with the file that it is in."""

    file: str
    case: Case


class Failure(NamedTuple):
    """Difference of a worked case from what it expects."""

    file: str
    case: str
    what: Message | str

    def sentence(self) -> Message:
        """Return the line for a person."""
        return Message("{file}: {case}: {what}", file=self.file, case=self.case, what=self.what)


class CasePosting(NamedTuple):
    """A posting that came out of a worked case."""

    file: str
    case: str
    unit: str
    posting: Posting
    period: str | None
    """As 2016Q2; None for the year alone."""


def failed_cases(failed: Iterable[Failure]) -> int:
    """Return in how many worked cases something did not come out as expected."""
    return len({(one.file, one.case) for one in failed})


def cases_of(content: Mapping[str, str]) -> list[PlacedCase]:
    """Return the worked cases of a folder, one for each row.

    Raises:
        UnsoundMeasureError: a file does not have its form.
    """
    found: list[PlacedCase] = []
    for name in sorted(name for name in content if name.startswith(CASES)):
        tables = converted(_Tables, name, toml(name, content[name]))
        for number, data in enumerate(tables.case):
            at = str(data.get("name", f"case[{number}]"))
            found += (PlacedCase(name, one) for one in _of_rows(name, at, data))
    named = set[str]()
    for placed in found:
        if placed.case.name in named:
            words = Message("there are two cases of that name")
            raise UnsoundMeasureError(placed.file, placed.case.name, words)
        named.add(placed.case.name)
    return found


def _of_rows(file: str, at: str, data: dict[str, Any]) -> Iterator[Case]:
    data = dict(data)
    rows = data.pop("row", [{}])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnsoundMeasureError(file, at, Message("row must be a list of tables"))
    given = {name for row in rows for name in row}
    used = set(_placeholders(data))
    for name in sorted(given ^ used):
        words = Message("${name} has no value in any row", name=name)
        if name in given:
            words = Message("{name} of row is used nowhere", name=name)
        raise UnsoundMeasureError(file, at, words)
    for row in rows:
        case: Case = converted(Case, file, _filled(data, row), at, strict=False)
        if not case.expect and not case.order:
            raise UnsoundMeasureError(file, at, Message("expects nothing"))
        values = ", ".join(map(str, row.values()))
        yield replace(case, name=f"{case.name} ({values})" if row else case.name)


def _filled(value: Any, row: Mapping[str, Any]) -> Any:
    """Return a value with placeholders filled in; what the row lacks is left out."""
    if isinstance(value, str) and value.startswith("$"):
        return row.get(value[1:])
    if isinstance(value, list):
        return [one for one in (_filled(part, row) for part in value) if one is not None]
    if isinstance(value, dict):
        filled = {key: _filled(one, row) for key, one in value.items()}
        return {key: one for key, one in filled.items() if one is not None}
    return value


def _placeholders(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("$"):
        yield value[1:]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _placeholders(part)


def scores_of(case: Case, measure: Measure) -> YearScores:
    """Return the scores of a case.

    Raises:
        EntriesRefusedError: an entry would be refused by an import.
        NoAmountError: the measure states no amount, or several, for an entry.
    """
    year = case.year or measure.source.year
    entries = entries_of(case, measure, year)
    known = state_of(entries, measure, unverified=case.unverified)
    through = case.through or measure.calendar.last_day(year)
    return score_year(known, measure, year, through, provisional=case.provisional)


def failures(measure: Measure) -> list[Failure]:
    """Run all worked cases of a measure; return what did not come out as expected.

    Raises:
        UnsoundMeasureError: a file of cases does not have its form.
    """
    return [failure for placed in cases_of(measure.content) for failure in run(placed, measure)]


def run(placed: PlacedCase, measure: Measure) -> Iterator[Failure]:
    """Run one worked case; yield what did not come out as expected."""
    case = placed.case
    try:
        scores = scores_of(case, measure)
    except TallyError as error:
        for sentence in error.sentences():
            yield Failure(placed.file, case.name, sentence)
        return
    for words in differences(case.expect, case.order, scores, measure):
        yield Failure(placed.file, case.name, words)


def postings_of(placed: PlacedCase, measure: Measure) -> Iterator[CasePosting]:
    """Yield the postings of a worked case's units; of 0 points those of an entry alone.

    Units that are as expected have none, unless the order alone is another one. There are none
    where the case's entries are refused, or the measure states no amount for one.
    """
    file, case = placed
    try:
        scores = scores_of(case, measure)
    except TallyError:
        return
    failing = [
        unit
        for unit, wanted in case.expect.items()
        if any(True for _ in differences({unit: wanted}, (), scores, measure))
    ]
    for unit in failing or case.expect:
        score = scores.unit(unit)
        for one in [] if score is None else score.postings():
            if one.points or one.entries:
                yield CasePosting(file, case.name, unit, one, period_name(one, scores))
