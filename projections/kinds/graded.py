"""Kind `graded`: an item of an inspection gets points, or loses some for what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ledger.decimals import quotient
from projections.facts import Occurrence
from projections.kinds.cases import CaseReader, field_reader, nothing
from projections.kinds.compiling import Compilation, Where, between_periods
from projections.known import Known
from projections.measure.amounts import Found
from projections.measure.model import ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from projections.facts import TownYear, UnitYear
    from projections.kinds.compiling import Coverage, Judge
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    item: str
    """The item, as findings name it."""
    entry: str = "inspection_finding"
    """The kind of entry that is a finding: it has `item`, `points` and, perhaps, `missing`."""
    graded: bool = True
    """Whether the inspection may give points; false: it says how much is missing."""
    most_missing: int | None = None
    """The largest number that can be missing."""
    where: list[Where] = []
    """Conditions that a finding fulfils if it counts, such as the office that made it."""
    several: Literal["lower", "higher", "mean", "sum"] | ByReading = "lower"
    """Which finding counts where there are several, of several offices or months."""
    places: int = 4
    """Decimal places of the mean, rounded half up."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    return {"full": "points", "missing": "points"}


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    counted = any(amount.of == "missing" for amount in clause.amount)
    return {"full": {}, **({"missing": {}} if counted else {})}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge of one item: one posting (points) once the year or a period is over.

    An item without a finding gets 0 points and an open point `not_inspected`.
    """
    slug, parameters = given.slug, given.clause.parameters
    item, kind = parameters.item, parameters.entry
    full_points, missing_points = given.amounts("full"), given.amounts("missing")
    several, of_year = given.resolved(parameters.several), given.of_year
    own, has_gaps = kind in given.measure.kinds(), given.measure.calendar.has_gaps
    reader = CaseReader(given, kind, where=parameters.where)
    # Of a built-in kind one finding of an item stands in a year; it counts where nothing is asked.
    is_plain = not own and of_year and not parameters.where
    of_item, of_points, of_missing = (
        field_reader(given.measure, kind, name) or nothing for name in ("item", "points", "missing")
    )

    def findings_of(unit: UnitYear, town: TownYear) -> Sequence[Occurrence]:
        if own:
            return [one for one in unit.charged(kind) if of_item(one.entry) == item]
        period = town.calendar.period_of(town.last)
        return [Occurrence(unit.findings[item], town.last, period)]

    def judge(unit: UnitYear, town: TownYear) -> list[ClauseResult]:
        results: list[ClauseResult] = []
        if own and has_gaps:
            results += between_periods(given, findings_of(unit, town))
        for period, _, last in town.spans[of_year]:
            if unit.first <= last <= unit.last:
                if is_plain and item in unit.findings:
                    results.append(posting(period, last, unit.findings[item]))
                elif own or item in unit.findings:
                    results += of_span(period, last, unit, town)
                else:
                    results += not_inspected[period]
        return results

    def of_span(
        period: int | None, last: date, unit: UnitYear, town: TownYear
    ) -> Iterator[ClauseResult]:
        findings: list[Any] = []
        found = findings_of(unit, town)
        if period is not None:
            found = [one for one in found if one.period == period]
        for one, key in zip(found, reader.keys(found), strict=True):
            excluded, entry = reader.exclusions[key], one.entry
            if excluded is not None:
                yield Posting(slug, period, ZERO, (entry.id,), excluded)
            elif of_points(entry) is None and of_missing(entry) is None:
                # As of one that was recorded when the measure declared other types.
                yield OpenPoint("incomplete", entry.id, slug, period)
            else:
                findings.append(entry)
        yield from of_findings(period, last, findings)

    def without_finding(period: int | None) -> tuple[ClauseResult, ...]:
        words = Working("item {}: not inspected", (item,))
        missing = OpenPoint("not_inspected", None, slug, period)
        return missing, Posting(slug, period, ZERO, (), words)

    not_inspected = Known(without_finding)
    full_of = Known[date, Found](lambda day: full_points.one({"day": day}))
    rate_of = Known[date, Found](lambda day: missing_points.one({"day": day}))

    def of_findings(
        period: int | None, last: date, findings: Sequence[Any]
    ) -> Iterator[ClauseResult]:
        if not findings:
            yield from not_inspected[period]
            return
        found = [posting(period, last, one) for one in findings]
        if len(found) == 1:
            yield found[0]
            return
        entries = tuple([one.id for one in findings])
        words = _several_words(several, (item, len(found)))
        points = [one.points for one in found]
        if several == "sum":
            # What is missing is taken from the item's points once, however many findings say it.
            counted = [of_points(one) is None for one in findings]
            full = full_of[last].points
            again = sum(counted) - all(counted)
            yield Posting(slug, period, sum(points, -again * full), entries, words, found[0].read)
            return
        best = _of_several(points, several, parameters.places)
        yield Posting(slug, period, best, entries, words, found[0].read)

    def posting(period: int | None, last: date, finding: Any) -> Posting:
        full = full_of[last]
        points, missing, entries = of_points(finding), of_missing(finding), (finding.id,)
        most = full.points
        if points is not None:
            words = Working("item {}: graded {} of {}", (item, points, most))
            # A reading may give the item fewer points than the finding was made for.
            return Posting(slug, period, min(points, most), entries, words, (full.amount,))
        assert missing is not None
        each = rate_of[last]
        rate = each.points
        words = Working("{} - {} × {}: item {}, {} missing", (most, missing, -rate, item, missing))
        read = (full.amount, each.amount)
        return Posting(slug, period, most + missing * rate, entries, words, read)

    return judge


def _several_words(several: str, of: tuple[str, int]) -> Working:
    """Return how the findings of an item (its name, their number) were taken together."""
    match several:
        case "lower":
            return Working("item {}: the lower of {} findings", of)
        case "higher":
            return Working("item {}: the higher of {} findings", of)
        case "mean":
            return Working("item {}: the mean of {} findings", of)
        case _:
            return Working("item {}: the sum of {} findings", of)


def _of_several(points: Sequence[Decimal], several: str, places: int) -> Decimal:
    """Return the points that count of those of several findings, if they are not added up."""
    match several:
        case "lower":
            return min(points)
        case "higher":
            return max(points)
        case _:
            return quotient(sum(points, ZERO), len(points), places)
