"""Kind `occurrence`: each entry of a kind costs or earns points by its fields.

The points are those of the base amount for the entry's case, multiplied by one factor of each
group of factors that applies, such as repetition, the response on site and the unit's share.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from math import prod
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from ledger.message import Bilingual, Parts
from projections.kinds.cases import CaseReader, field_reader, nothing
from projections.kinds.compiling import Compilation, Where
from projections.kinds.describing import answer_words, entry_words
from projections.known import Known
from projections.measure.model import Amount, ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, Deferred, Flag, OpenPoint, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries.base import Field
    from projections.facts import Occurrence, TownYear, UnitYear
    from projections.kinds.compiling import Coverage, Judge
    from projections.measure.amounts import Amounts
    from projections.measure.model import Clause

    Fields = Mapping[str, Field]

_ONE = Decimal(1)


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: str
    """The kind of entry that occurs."""
    answer: str | None = None
    """The kind of entry by which the unit responds to it."""
    base: str
    """The `of` of the amounts that the points come from."""
    factors: list[str] = []
    """The `of` of each group of factors, in the order of the computation."""
    incomplete: list[str] = []
    """Groups for which an entry is listed as incomplete while a value that decides is missing."""
    where: list[Where] = []
    """Conditions that an entry fulfils if it counts."""
    charged: Literal["liable", "parties"] = "liable"
    """Whether the host unit of a batch has a share too."""
    combine: Literal["multiply", "add"] | ByReading = "multiply"
    """How factors over 1 are combined."""
    once: Literal["each", "period", "year"] | ByReading = "each"
    """Whether each entry counts, or the first of its case in a period or the year."""
    gaps: bool = False
    """Whether there may be cases without a base amount; they cost nothing."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    given: Parameters = clause.parameters
    return {given.base: "base", **dict.fromkeys(given.factors, "factor")}


def covered(clause: Clause) -> Coverage:
    """Return the `of` of the amounts that must be stated for every case, with the cases."""
    return {} if clause.parameters.gaps else {clause.parameters.base: {}}


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each entry of a unit.

    It also yields an open point for an entry that lacks a value on which its points depend, and
    for one whose factor awaits a ruling.
    """
    parameters: Parameters = given.clause.parameters
    slug, kind = given.slug, parameters.entry
    costs = _Costs(given, parameters)
    # Entries with equal cases cost the same: caching takes a quarter of the time for 50,000
    # random batches.
    cost_of, reader = Known(costs.cost).__getitem__, costs.reader
    liable_alone = parameters.charged == "liable"
    times = {
        amount.times: field_reader(given.measure, kind, amount.times) or nothing
        for amount in given.clause.amount
        if amount.times is not None
    }
    once, fields = given.resolved(parameters.once), given.measure.fields(kind)
    of_answer = None
    if parameters.answer is not None:
        answers, own = given.measure.fields(parameters.answer), given.measure.kinds()
        titled = own.get(parameters.answer)
        title = None if titled is None else Bilingual(titled.TITLE_EN, titled.TITLE)
        of_answer = title, answers

    explain = partial(_explanation, fields, of_answer)

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        occurrences = unit.charged(kind) if liable_alone else unit.occurrences[kind]
        if not occurrences:
            return
        counted: set[object] = set()
        keys = reader.keys(occurrences)
        for one, key, cost in zip(occurrences, keys, map(cost_of, keys), strict=True):
            entry, answer, period = one.entry, one.answer, one.period
            entry_id = entry.id
            entries: tuple[str, ...] = (entry_id,)
            if cost.excluded is not None:
                yield Posting(slug, period, ZERO, entries, cost.excluded)
                continue
            if answer is not None and of_answer is not None:
                entries = (entry_id, answer.id)
            if once != "each":
                case = (key, period if once == "period" else None)
                if case in counted:
                    words = Working("counted once in the year already")
                    if once == "period":
                        words = Working("counted once in the period already")
                    yield Posting(slug, period, ZERO, entries, words)
                    continue
                counted.add(case)
            if cost.undetermined:
                yield OpenPoint("undetermined", entry_id, slug, period)
            points, number, incomplete = cost.points, None, cost.incomplete
            if cost.times is not None:
                number = times[cost.times](entry)
                points *= Decimal(number or 0)
                incomplete = incomplete or number is None
            if incomplete:
                yield OpenPoint("incomplete", entry_id, slug, period)
            explained = Deferred(explain, (one, cost, number))
            if cost.flag is not None:
                said = Deferred(entry_words, (entry, fields))
                yield Flag(cost.flag, slug, one.period, entries, said, cost.read)
            yield Posting(slug, period, points, entries, explained, cost.read)

    return judge


class _Cost(Struct, frozen=True, gc=False):
    """Points of an entry for one unit, with the formula and the text that explain them."""

    points: Decimal = ZERO
    formula: str = ""
    """The multiplication, as `4 × 1.5 × 0.7`; a deduction is written without its sign."""
    read: tuple[Amount, ...] = ()
    """The amounts that the points were computed from."""
    words: tuple[Bilingual | Working, ...] = ()
    """Words for an explanation, of the amounts that apply."""
    times: str | None = None
    flag: str | None = None
    undetermined: bool = False
    """Whether a factor applies that no ruling sets."""
    incomplete: bool = False
    """Whether a value is missing on which the points depend."""
    excluded: Working | None = None
    """Why the entry does not count."""


class _Costs:
    """Cost calculation for a case, with the clause's amounts and the readings in force."""

    def __init__(self, given: Compilation, parameters: Parameters) -> None:
        self._given, self._parameters = given, parameters
        self._base = given.amounts(parameters.base)
        self._factors = [(of, given.amounts(of)) for of in parameters.factors]
        self._adds = given.resolved(parameters.combine) == "add"
        tables: list[Amounts] = [self._base, *[table for _, table in self._factors]]
        self.reader = CaseReader(
            given,
            parameters.entry,
            tables,
            answer=parameters.answer,
            where=parameters.where,
        )

    def cost(self, key: tuple[Any, ...]) -> _Cost:
        """Return the points of a case.

        Raises:
            NoAmountError: no amount, or several, are stated for the case.
        """
        case = self.reader.case(key)
        excluded = self.reader.exclusions[key]
        if excluded is not None:
            return _Cost(excluded=excluded)
        base, _ = self._base.find(case)
        if base is None:
            if not self._parameters.gaps:
                self._base.one(case)
            return _Cost(excluded=Working("the measure states no points for this case"))
        read = [base.amount]
        factors: list[Decimal] = []
        words = [base.amount.words.text] if base.amount.words else []
        said: list[Bilingual | Working] = [*words]
        undetermined = incomplete = False
        share = _ONE
        for of, table in self._factors:
            found, undecided = table.find(case)
            if undecided and of in self._parameters.incomplete:
                incomplete = True
                continue
            if found is None:
                continue
            read.append(found.amount)
            text = found.amount.words.text if found.amount.words else Bilingual("", "")
            if found.value is None:
                undetermined = True
                said.append(Working("{}: to cost more, but no amount is ruled", (text,)))
                continue
            if "role" in found.amount.when:
                share = found.value
            else:
                factors.append(found.value)
            if text:
                said.append(text)
        value = base.value if base.value is not None else ZERO
        points, formula = combined(value, factors, share, adds=self._adds)
        return _Cost(
            points,
            formula,
            tuple(read),
            tuple(said),
            base.amount.times,
            base.amount.flag,
            undetermined,
            incomplete,
        )


def combined(
    base: Decimal, factors: list[Decimal], share: Decimal, *, adds: bool
) -> tuple[Decimal, str]:
    """Return the points and their formula.

    With `adds`, surcharges (加扣, factors over 1) are summed before they are applied. Reductions
    (只扣分50%, 不扣分, factors under 1) always multiply, so that an exempt batch stays at 0 points.

    Args:
        base: the points of the base amount.
        factors: the factors in the order of the formula.
        share: the unit's share, from 0 to 1.
        adds: whether surcharges are summed instead of multiplied.
    """
    applied = factors
    formula = [str(-base if base < 0 else base)]
    if adds:
        surcharges = [factor - _ONE for factor in factors if factor > _ONE]
        applied = [factor for factor in factors if factor < _ONE]
        if surcharges:
            applied = [_ONE + sum(surcharges, ZERO), *applied]
            formula.append(f"(1 + {' + '.join(str(surcharge) for surcharge in surcharges)})")
            formula.extend(str(factor) for factor in applied[1:])
        else:
            formula.extend(str(factor) for factor in applied)
    else:
        formula.extend(str(factor) for factor in applied if factor != _ONE)
    if share != _ONE:
        formula.append(str(share))
    return prod(applied, start=base) * share, " × ".join(formula)


def _explanation(
    fields: Fields,
    of_answer: tuple[Bilingual | None, Fields] | None,
    one: Occurrence,
    cost: _Cost,
    number: object,
) -> Working:
    parts: list[object] = [entry_words(one.entry, fields), *cost.words]
    if of_answer is not None:
        parts.append(answer_words(one, *of_answer))
    words = Parts(parts)
    if number is not None:
        return Working("{} × {}: {}", (cost.formula, number, words))
    return Working("{}: {}", (cost.formula, words))
