"""Kind `warned`: an occurrence costs points unless it was reported before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from projections.facts import BATCH
from projections.kinds.cases import CaseReader
from projections.kinds.describing import entry_words
from projections.known import Known
from projections.measure.model import Amount, ByReading, MeasureData
from projections.postings import ZERO, ClauseResult, Deferred, Posting, Working

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import InformationReport
    from projections.facts import Occurrence, TownYear, UnitYear
    from projections.kinds.compiling import Compilation, Judge
    from projections.measure.amounts import Amounts
    from projections.measure.model import Clause


class Parameters(MeasureData, frozen=True, kw_only=True):
    """Parameters of a clause of this kind, beside its amounts."""

    entry: Literal["petition_batch"] = "petition_batch"
    warning: Literal["information_report"] = "information_report"
    """The kind of entry that reports the matter before."""
    answer: str | None = None
    """The kind of entry by which the unit responds to it."""
    unwarned: str = "unwarned"
    """The `of` of the amounts for an occurrence that was not reported before."""
    warned: str | None = None
    """The `of` of the amounts for one that was."""
    special: str | None = None
    """The `of` of further amounts for one that was not, for special cases."""
    special_stacks: bool | ByReading = False
    """Whether they are taken beside those of `unwarned`, and not only where there are none."""
    excuse: str | None = None
    """The `of` of the factors (0) of a response that excuses."""
    special_excused: bool | ByReading = False
    """Whether it excuses from the special amounts too."""
    reported_by: Literal["parties", "liable"] | ByReading = "liable"
    """Whose report counts: the liable unit's, or the host unit's too."""
    valid: str | ByReading = "ever"
    """Which report counts: `ever`, `since_last_batch`, or so many days before."""


def tables_of(clause: Clause) -> dict[str, str]:
    """Return the `of` of the amounts that the clause may have, with their role."""
    given: Parameters = clause.parameters
    points = [one for one in (given.unwarned, given.warned, given.special) if one is not None]
    return {
        **dict.fromkeys(points, "points"),
        **({given.excuse: "factor"} if given.excuse is not None else {}),
    }


class _Loss(Struct, frozen=True, gc=False):
    """Points of an occurrence that was not reported before."""

    owed: bool
    """Whether a report is owed for it."""
    points: Any = ZERO
    taken: tuple[Amount, ...] = ()
    """The amounts that add up to the points."""
    read: tuple[Amount, ...] = ()
    """These, and the one that excuses."""
    special: bool = False
    """Whether one of the amounts is a special one."""
    excused: bool = False


def compile_clause(given: Compilation) -> Judge:
    """Return the judge, which yields one posting (points) for each batch a unit is liable for.

    The postings of batches for which no report is owed, or that were reported, have 0 points.
    """
    slug, parameters = given.slug, given.clause.parameters
    valid = str(given.resolved(parameters.valid))
    parties = given.resolved(parameters.reported_by) == "parties"
    max_age = timedelta(days=int(valid)) if valid.isdecimal() else None
    since_last = valid == "since_last_batch"
    warned = given.amounts(parameters.warned or "")
    loss_of, reader = _losses(given, parameters, warned)

    def reported(one: Occurrence, unit: UnitYear, town: TownYear) -> InformationReport | None:
        batch = one.entry
        reports = town.information.get(batch.matter)
        if not reports:
            return None
        occurred, after = batch.occurred_at, None
        if since_last:
            earlier = [time for time in town.batch_times[batch.matter] if time < occurred]
            after = max(earlier, default=None)
        by = {unit.id, one.host} if parties else {unit.id}
        for reporter, report in reversed(reports):
            submitted = report.submitted_at
            if submitted >= occurred or reporter not in by or not report.as_required:
                continue
            if max_age is not None and occurred - submitted > max_age:
                return None
            return report if after is None or submitted > after else None
        return None

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        keys = reader.keys(unit.liable)
        for one, key, loss in zip(unit.liable, keys, map(loss_of, keys), strict=True):
            batch, period = one.entry, one.period
            entries: tuple[str, ...] = (batch.id,)
            if not loss.owed:
                yield Posting(slug, period, ZERO, entries, Deferred(_not_owed, (batch,)))
                continue
            report = reported(one, unit, town)
            if report is not None:
                found, _ = warned.find(reader.case(key)) if warned else (None, False)
                points = ZERO if found is None else found.points
                read = () if found is None else (found.amount,)
                words = Deferred(_reported, (batch, report))
                yield Posting(slug, period, points, (batch.id, report.id), words, read)
                continue
            if loss.excused and one.answer is not None:
                entries = (batch.id, one.answer.id)
            words = Deferred(_unreported, (batch, loss))
            yield Posting(slug, period, loss.points, entries, words, loss.read)

    return judge


def _losses(given: Compilation, parameters: Parameters, warned: Amounts) -> tuple[Any, CaseReader]:
    """Return the function that gives the loss of a case, and the reader of cases."""
    unwarned = given.amounts(parameters.unwarned)
    special = given.amounts(parameters.special or "")
    excuse = given.amounts(parameters.excuse or "")
    stacks = str(given.resolved(parameters.special_stacks)).lower() == "true"
    all_excused = str(given.resolved(parameters.special_excused)).lower() == "true"
    tables = [unwarned, special, excuse, warned]
    reader = CaseReader(given, BATCH, tables, answer=parameters.answer)

    def loss_of(key: tuple[Any, ...]) -> _Loss:
        case = reader.case(key)
        of_batch, of_person = unwarned.find(case)[0], special.find(case)[0]
        if of_batch is None and of_person is None:
            return _Loss(owed=False)
        found, _ = excuse.find(case)
        excused = found is not None and found.value == 0
        taken = [] if of_batch is None or excused else [of_batch]
        for_person = (
            of_person is not None and (not taken or stacks) and not (excused and all_excused)
        )
        if of_person is not None and for_person:
            taken.append(of_person)
        return _Loss(
            owed=True,
            points=sum([one.points for one in taken], ZERO),
            taken=tuple([one.amount for one in taken]),
            read=tuple([one.amount for one in [*taken, *([found] if excused and found else [])]]),
            special=for_person,
            excused=excused,
        )

    return Known(loss_of).__getitem__, reader


def _not_owed(batch: Any) -> Working:
    manner = Working("abnormal") if batch.abnormal else Working("lawful")
    return Working("no report is owed for {} ({})", (entry_words(batch, batch.FIELDS), manner))


def _reported(batch: Any, report: InformationReport) -> Working:
    return Working(
        "{} told of {} before, at {:%Y-%m-%d %H:%M}",
        (report.id, batch.matter, report.submitted_at),
    )


def _unreported(batch: Any, loss: _Loss) -> Working:
    if not loss.taken:
        return Working("not told before, but the leader was on site in time and effective")
    return Working(
        "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}",
        (
            " + ".join([str(amount.points) for amount in loss.taken]),
            batch.matter,
            batch.occurred_at,
            Working("; key person") if loss.special else "",
        ),
    )
