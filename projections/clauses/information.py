"""Information reports (信访信息报送), 三（一）1（3）: points for unreported batches."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING

from msgspec import Struct

from projections.postings import ZERO, Deferred, Posting, Working, people
from projections.rulebook import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries import InformationReport, PetitionBatch
    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Clause


class _Loss(Struct, frozen=True, gc=False):
    """Points of a batch that was not reported before it occurred."""

    points: Decimal
    """At most 0; 0 if the on-site response excuses the missing report."""
    read: tuple[Amount, ...]
    """The amounts that add up to the points."""
    for_key_person: bool
    """Whether one of the amounts is that for a key person."""


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each batch a unit is liable for.

    Host units owe no report. The postings of batches for which no report is owed, or that were
    reported, have 0 points.
    """
    slug = clause.slug
    collective_from = int(readings["collective_from"])
    excusing_arrivals = (
        {"ahead"} if readings["information_leader"] == "ahead" else {"ahead", "prompt"}
    )
    valid_days = readings["information_valid_days"]
    max_age = None if valid_days == "none" else timedelta(days=int(valid_days))
    # Cached because batches with equal arguments cost the same, as in abnormal_petitions.
    loss_of = cache(partial(_loss, clause, readings["key_person_stacks"] == "true"))

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Posting]:
        information = unit.information
        for visit in unit.liable:
            batch, quarter, response = visit.batch, visit.quarter, visit.response
            entries: tuple[str, ...] = (batch.id,)
            excused = False
            if (
                response is not None
                and response.arrival in excusing_arrivals
                and response.effective
            ):
                entries, excused = (batch.id, response.id), True
            collective = batch.headcount >= collective_from
            loss = loss_of(batch.level, batch.abnormal, collective, batch.key_person, excused)
            reports = information.get(batch.matter)
            report = _reported_before(batch, reports, max_age) if reports else None
            if loss is None:
                words = Deferred(_not_owed, (batch,))
                yield Posting(slug, quarter, ZERO, (batch.id,), words)
            elif report is not None:
                words = Deferred(_reported, (batch, report))
                yield Posting(slug, quarter, ZERO, (batch.id, report.id), words)
            else:
                words = Deferred(_unreported, (batch, loss))
                yield Posting(slug, quarter, loss.points, entries, words, loss.read)

    return judge


def _loss(
    clause: Clause,
    stacks: bool,
    level: str,
    abnormal: bool,
    collective: bool,
    key_person: bool,
    excused: bool,
) -> _Loss | None:
    """Return the points of an unreported batch; None if no report is owed for it.

    Args:
        clause: the clause, with its amounts.
        stacks: whether the amount for a key person is added to that for the batch (reading
            `key_person_stacks`) instead of being taken only where the batch has none.
        level: the level of government that the visitors went to.
        abnormal: whether the batch is abnormal.
        collective: whether it is collective.
        key_person: whether a key person took part.
        excused: whether a timely and effective response waives the amount for the batch; that for
            a key person stays due.
    """
    of_batch = of_person = None
    for manner, given in (("abnormal", abnormal), ("collective", collective)):
        case = {"level": level, "manner": manner}
        if given and clause.states("unreported batch", **case):
            of_batch = clause.amount_for("unreported batch", **case)
        if given and key_person and clause.states("unreported key person", **case):
            of_person = clause.amount_for("unreported key person", **case)
    if of_batch is None and of_person is None:
        return None
    taken = [] if of_batch is None or excused else [of_batch]
    for_key_person = of_person is not None and (not taken or stacks)
    if of_person is not None and for_key_person:
        taken.append(of_person)
    return _Loss(sum([amount.value for amount in taken], ZERO), tuple(taken), for_key_person)


def _reported_before(
    batch: PetitionBatch, reports: list[InformationReport], max_age: timedelta | None
) -> InformationReport | None:
    """Return the latest report before a batch occurred; None if there is none or it is too old.

    Args:
        batch: the batch.
        reports: the reports on its matter, in the order of submission.
        max_age: how long before the batch a report may have been submitted; None for no limit.
    """
    for report in reversed(reports):
        if report.submitted_at < batch.occurred_at:
            age = batch.occurred_at - report.submitted_at
            return report if max_age is None or age <= max_age else None
    return None


def _not_owed(batch: PetitionBatch) -> Working:
    manner = Working("abnormal") if batch.abnormal else Working("lawful")
    return Working(
        "no report is owed for {} to {} ({})", (people(batch.headcount), batch.level, manner)
    )


def _reported(batch: PetitionBatch, report: InformationReport) -> Working:
    return Working(
        "{} told of {} before, at {:%Y-%m-%d %H:%M}",
        (report.id, batch.matter, report.submitted_at),
    )


def _unreported(batch: PetitionBatch, loss: _Loss) -> Working:
    if not loss.read:
        return Working("not told before, but the leader was on site in time and effective")
    return Working(
        "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}",
        (
            " + ".join([str(amount.value) for amount in loss.read]),
            batch.matter,
            batch.occurred_at,
            Working("; key person") if loss.for_key_person else "",
        ),
    )
