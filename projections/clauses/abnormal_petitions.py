"""Abnormal petitions (非正常上访工作), 三（一）2: by level and headcount, share and response."""

from __future__ import annotations

from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING

from ledger.message import Parts
from projections.calendar import quarter_of
from projections.postings import ZERO, Finding, OpenPoint, Posting, Working, people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.entries import OnSiteResponse, PetitionBatch
    from projections.facts import TownYear, UnitYear
    from projections.rulebook import Amount, Rulebook

CLAUSE = "abnormal-petitions"

_IN_TIME = frozenset({"ahead", "prompt"})
_THIRTY = 30
_ONE = Decimal(1)


def judge(unit: UnitYear, town: TownYear, rulebook: Rulebook, clause: str) -> Iterator[Finding]:
    """One posting for each batch of which the unit bears a share (points), and what is open."""
    batches = [*unit.batches, *unit.hosted]
    for batch in sorted(batches, key=lambda batch: (batch.occurred_at, batch.id)):
        if not batch.abnormal and town.readings["petition_scope"] == "abnormal":
            words = Working("a lawful visit costs nothing under this clause")
            quarter = quarter_of(batch.occurred_at.date())
            yield Posting(CLAUSE, quarter, ZERO, (batch.id,), words)
        else:
            yield from _weigh(batch, unit, town, rulebook)


def _weigh(
    batch: PetitionBatch, unit: UnitYear, town: TownYear, rulebook: Rulebook
) -> Iterator[Finding]:
    quarter = quarter_of(batch.occurred_at.date())
    response = unit.responses.get(batch.id)
    base = rulebook.amount(
        CLAUSE, "abnormal batch", level=batch.level, headcount=_counted(batch, town)
    )
    read = [base]
    factors: list[Decimal] = []
    words = [Working("{} to {}", (people(batch.headcount), batch.level))]

    if _repeats(batch, town):
        repeat = rulebook.amount(CLAUSE, "repeated collective batch")
        read.append(repeat)
        factors.append(repeat.value)
        words.append(Working("a repeated collective batch"))

    if response is not None and response.arrival in _IN_TIME:
        read.append(rulebook.amount(CLAUSE, "short stay"))
    answer = rulebook.amount(
        CLAUSE,
        "on-site response",
        outcome=_outcome(response, rulebook),
        level=batch.level,
        headcount=batch.headcount,
    )
    read.append(answer)
    factors.append(answer.value)
    words.append(_told(response))

    limit = _stay_limit(batch, response, town, rulebook)
    if limit is not None:
        read.append(limit)
    if limit is not None and _stays_over(limit, response):
        ruled = town.readings["overstay_factor"]
        if ruled == "none":
            yield OpenPoint("undetermined", batch.id, CLAUSE, quarter)
            words.append(
                Working("over {} minutes: to cost more, but no amount is ruled", (limit.minutes,))
            )
        else:
            factors.append(Decimal(ruled))
            words.append(Working("over {} minutes: ruled at {}", (limit.minutes, ruled)))

    share = _share(batch, unit, rulebook)
    if share is not None:
        read.append(share)
        liable = batch.id in unit.apart
        words.append(Working("liable unit") if liable else Working("host unit"))
    if response is None:
        yield OpenPoint("incomplete", batch.id, CLAUSE, quarter)

    portion = _ONE if share is None else share.value
    points, formula = _combined(base.value, factors, portion, town)
    entries = (batch.id,) if response is None else (batch.id, response.id)
    yield Posting(
        CLAUSE,
        quarter,
        points,
        entries,
        Working("{}: {}", (formula, Parts(words))),
        tuple(read),
    )


def _counted(batch: PetitionBatch, town: TownYear) -> int:
    """The headcount by which the tier is found: 30 is one of the 11–30 unless ruled otherwise."""
    if batch.headcount == _THIRTY and town.readings["thirty_people"] == "31+":
        return _THIRTY + 1
    return batch.headcount


def _repeats(batch: PetitionBatch, town: TownYear) -> bool:
    levels = town.readings["repeat_levels"]
    return (
        batch.repeated
        and batch.headcount >= town.collective_from
        and (levels == "all" or batch.level in levels.split(","))
    )


def _outcome(response: OnSiteResponse | None, rulebook: Rulebook) -> str:
    if response is None:
        return "not recorded"
    if response.arrival not in _IN_TIME:
        return response.arrival
    stay, limit = response.stay_minutes, rulebook.amount(CLAUSE, "short stay").minutes
    assert limit is not None
    short = stay is not None and stay <= limit
    return "effective within the hour" if response.effective and short else "in time"


def _told(response: OnSiteResponse | None) -> Working:
    if response is None:
        return Working("no response recorded")
    effect = Working("effective") if response.effective else Working("without effect")
    stay = Working("stay not recorded")
    if response.stay_minutes is not None:
        stay = Working("stay {} minutes", (response.stay_minutes,))
    return Working("leader {}, {}, {}", (response.arrival, effect, stay))


def _stay_limit(
    batch: PetitionBatch, response: OnSiteResponse | None, town: TownYear, rulebook: Rulebook
) -> Amount | None:
    """The minutes that a collective batch of known stay is measured against, where any are."""
    if response is None or response.stay_minutes is None:
        return None
    if batch.headcount < town.collective_from:
        return None
    if not rulebook.states(CLAUSE, "long stay", level=batch.level):
        return None
    return rulebook.amount(CLAUSE, "long stay", level=batch.level)


def _stays_over(limit: Amount, response: OnSiteResponse | None) -> bool:
    assert response is not None, "a limit is of a response"
    assert response.stay_minutes is not None, "with a known stay"
    assert limit.minutes is not None, "in minutes"
    return response.stay_minutes > limit.minutes


def _share(batch: PetitionBatch, unit: UnitYear, rulebook: Rulebook) -> Amount | None:
    """The share of a unit where person and problem are apart; None where one unit bears all."""
    of = "share of person and problem apart"
    if batch.id in unit.apart:
        return rulebook.amount(CLAUSE, of, role="liable")
    if any(hosted.id == batch.id for hosted in unit.hosted):
        return rulebook.amount(CLAUSE, of, role="host")
    return None


def _combined(
    base: Decimal, factors: list[Decimal], share: Decimal, town: TownYear
) -> tuple[Decimal, str]:
    """The points and their formula, under the reading `combine`.

    Only what exceeds 1 is a surcharge (加扣) and can be added up: half points and no points
    (只扣分50%, 不扣分) go on multiplying, so that an exempt batch stays exempt.
    """
    applied = factors
    formula = [str(-base)]
    if town.readings["combine"] == "add":
        surcharges = [one - _ONE for one in factors if one > _ONE]
        applied = [one for one in factors if one < _ONE]
        if surcharges:
            applied = [_ONE + sum(surcharges, ZERO), *applied]
            formula.append(f"(1 + {' + '.join(str(one) for one in surcharges)})")
            formula.extend(str(one) for one in applied[1:])
        else:
            formula.extend(str(one) for one in applied)
    else:
        formula.extend(str(one) for one in applied if one != _ONE)
    if share != _ONE:
        formula.append(str(share))
    return prod(applied, start=base) * share, " × ".join(formula)
