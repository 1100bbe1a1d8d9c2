"""Information reports (信访信息报送), 三（一）1（3）: told before a batch occurred, or not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from projections.calendar import quarter_of
from projections.postings import ZERO, Posting, Working, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import InformationReport, OnSiteResponse, PetitionBatch
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Amount, Rulebook

CLAUSE = "information"


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Posting]:
    """One posting for each batch that the unit is liable for (points); the host bears nothing."""
    for batch in unit.batches:
        yield _posting(batch, unit, town, rulebook)


def _posting(batch: PetitionBatch, unit: UnitYear, town: TownYear, rulebook: Rulebook) -> Posting:
    quarter = quarter_of(batch.occurred_at.date())
    owed, keyed = _owed(batch, town, rulebook)
    if owed is None and keyed is None:
        manner = Working("abnormal") if batch.abnormal else Working("lawful")
        words = Working(
            "no report is owed for {} to {} ({})", (people(batch.headcount), batch.level, manner)
        )
        return Posting(CLAUSE, quarter, ZERO, (batch.id,), words)
    report = _told_before(batch, unit, town)
    if report is not None:
        words = Working(
            "{} told of {} before, at {:%Y-%m-%d %H:%M}",
            (report.id, batch.matter, report.submitted_at),
        )
        return Posting(CLAUSE, quarter, ZERO, (batch.id, report.id), words)
    response = unit.responses.get(batch.id)
    excused = response is not None and _on_site_with_them(response, town)
    taken = [] if owed is None or excused else [owed]
    if keyed is not None and (not taken or town.readings["key_person_stacks"] == "true"):
        taken.append(keyed)
    entries = (batch.id,) if response is None or not excused else (batch.id, response.id)
    points = sum((amount.value for amount in taken), ZERO)
    if not taken:
        words = Working("not told before, but the leader was on site in time and effective")
    else:
        words = Working(
            "{}: {} was not told of before {:%Y-%m-%d %H:%M}{}",
            (
                " + ".join(str(amount.value) for amount in taken),
                batch.matter,
                batch.occurred_at,
                Working("; key person") if keyed in taken else "",
            ),
        )
    return Posting(CLAUSE, quarter, points, entries, words, tuple(taken))


def _owed(
    batch: PetitionBatch, town: TownYear, rulebook: Rulebook
) -> tuple[Amount | None, Amount | None]:
    """What a batch costs if it was not told of: as a batch, and as a key person's."""
    manners = ["abnormal"] if batch.abnormal else []
    if batch.headcount >= town.collective_from:
        manners.append("collective")
    of_batch = of_person = None
    for manner in manners:
        case = {"level": batch.level, "manner": manner}
        if rulebook.states(CLAUSE, "unreported batch", **case):
            of_batch = rulebook.amount(CLAUSE, "unreported batch", **case)
        if batch.key_person and rulebook.states(CLAUSE, "unreported key person", **case):
            of_person = rulebook.amount(CLAUSE, "unreported key person", **case)
    return of_batch, of_person


def _told_before(batch: PetitionBatch, unit: UnitYear, town: TownYear) -> InformationReport | None:
    """The latest report on the batch's matter before it occurred, young enough to be valid."""
    valid = town.readings["information_valid_days"]
    for report in reversed(unit.information.get(batch.matter, [])):
        if report.submitted_at < batch.occurred_at:
            age = batch.occurred_at - report.submitted_at
            return report if valid == "none" or age <= timedelta(days=int(valid)) else None
    return None


def _on_site_with_them(response: OnSiteResponse, town: TownYear) -> bool:
    """Whether the leader was there with or ahead of the visitors (同步或提前) and effective."""
    arrivals = {"ahead"} if town.readings["information_leader"] == "ahead" else {"ahead", "prompt"}
    return response.arrival in arrivals and response.effective
