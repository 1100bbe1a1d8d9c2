"""Abnormal petitions (非正常上访工作), 三（一）2: points by level, headcount, response and share.

The points of a batch are those of its tier (level and headcount), multiplied by a factor each for
repetition, the unit's on-site response and a long stay, and by the unit's share. The readings
`combine` and `overstay_factor` change how the factors are applied.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import prod
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.message import Parts
from ledger.vocabulary import LEVELS
from projections.postings import ZERO, ClauseResult, Deferred, OpenPoint, Posting, Working, people
from projections.rulebook import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries import OnSiteResponse
    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear, Visit
    from projections.rulebook import Clause

_IN_TIME = frozenset({"ahead", "with", "prompt"})
_THIRTY = 30
_ONE = Decimal(1)


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Return the judge, which yields one posting (points) for each batch the unit has a share in.

    It also yields an open point for a batch without a recorded response, and for one whose long
    stay should cost more while no ruling sets the factor.
    """
    slug, lawful_too = clause.slug, readings["petition_scope"] == "all"
    short_minutes = clause.amount_for("short stay").minutes
    assert short_minutes is not None
    limit_minutes = {
        level: clause.amount_for("long stay", level=level).minutes or 0
        for level in LEVELS
        if clause.states("long stay", level=level)
    }
    # Batches with equal arguments cost the same: caching takes a quarter of the time for 50,000
    # random batches.
    cost_of = cache(_Costs(clause, readings).cost)

    def judge(unit: UnitYear, town: TownYear) -> Iterator[ClauseResult]:
        for visit in unit.visits:
            batch, quarter, role, response = visit.batch, visit.quarter, visit.role, visit.response
            batch_id, level = batch.id, batch.level
            if not batch.abnormal and not lawful_too:
                words = Working("a lawful visit costs nothing under this clause")
                yield Posting(slug, quarter, ZERO, (batch_id,), words)
                continue
            entries: tuple[str, ...] = (batch_id,)
            outcome, overstays = "not recorded", None
            if response is not None:
                entries = (batch_id, response.id)
                outcome, stay = response.arrival, response.stay_minutes
                if outcome in _IN_TIME:
                    was_short = stay is not None and stay <= short_minutes
                    ended_soon = response.effective and was_short
                    outcome = "effective within the hour" if ended_soon else "in time"
                if stay is not None and level in limit_minutes:
                    overstays = stay > limit_minutes[level]
            cost = cost_of(level, batch.headcount, batch.repeated, role, outcome, overstays)
            if cost.undetermined:
                yield OpenPoint("undetermined", batch_id, slug, quarter)
            if response is None:
                yield OpenPoint("incomplete", batch_id, slug, quarter)
            yield Posting(
                slug,
                quarter,
                cost.points,
                entries,
                Deferred(_explanation, (visit, cost)),
                cost.read,
            )

    return judge


class _Cost(Struct, frozen=True, gc=False):
    """Points of a batch for one unit, with the formula and the text that explain them."""

    points: Decimal
    """At most 0."""
    formula: str
    """The multiplication, as `4 × 1.5 × 0.7`; the base is written without its sign."""
    read: tuple[Amount, ...]
    """The amounts that the points were computed from."""
    before: tuple[Working, ...]
    """Explanation of the batch, shown before that of the response."""
    after: tuple[Working, ...]
    """Explanation of the stay and the share, shown after that of the response."""
    undetermined: bool
    """Whether the stay exceeds the limit while no ruling sets the factor."""


class _Costs:
    """Cost calculation for a batch, with the clause's amounts and the readings in force."""

    def __init__(self, clause: Clause, readings: Mapping[str, str]) -> None:
        self._base = clause.lookup("abnormal batch", "level", "headcount")
        self._response = clause.lookup("on-site response", "outcome", "level", "headcount")
        self._repeat = clause.amount_for("repeated collective batch")
        self._short = clause.amount_for("short stay")
        self._long = clause.lookup("long stay", "level")
        self._share = clause.lookup("share of person and problem apart", "role")
        self._collective_from = int(readings["collective_from"])
        self._thirty_is_top = readings["thirty_people"] == "31+"
        self._overstay = readings["overstay_factor"]
        self._adds = readings["combine"] == "add"
        levels = readings["repeat_levels"]
        self._repeat_levels = LEVELS if levels == "all" else tuple(levels.split(","))

    def cost(
        self,
        level: str,
        headcount: int,
        repeated: bool,
        role: str,
        outcome: str,
        overstays: bool | None,
    ) -> _Cost:
        """Return the points of a batch for one unit.

        Args:
            level: the level of government that the visitors went to, from town to national.
            headcount: the number of visitors.
            repeated: whether the batch is recorded as a repeated one.
            role: the unit's role, as in `Visit`.
            outcome: the outcome of the response, one of those that the amounts are stated for.
            overstays: whether the stay exceeded the limit in minutes; None if the level has no
                limit or the stay is not recorded.

        Raises:
            NoAmountError: no amount, or several, are stated for the case.
        """
        collective = headcount >= self._collective_from
        # The tiers 11–30 and 30 and over both claim 30 people (reading `thirty_people`).
        in_top_tier = headcount == _THIRTY and self._thirty_is_top
        base = self._base(level, headcount + 1 if in_top_tier else headcount)
        read, factors = [base], list[Decimal]()
        before, after = list[Working](), list[Working]()
        if repeated and collective and level in self._repeat_levels:
            read.append(self._repeat)
            factors.append(self._repeat.value)
            before.append(Working("a repeated collective batch"))
        if outcome in {"effective within the hour", "in time"}:
            read.append(self._short)
        response = self._response(outcome, level, headcount)
        read.append(response)
        factors.append(response.value)
        undetermined = False
        if overstays is not None and collective:
            limit = self._long(level)
            read.append(limit)
            undetermined = overstays and self._overstay == "none"
            if undetermined:
                after.append(
                    Working(
                        "over {} minutes: to cost more, but no amount is ruled", (limit.minutes,)
                    )
                )
            elif overstays:
                factors.append(Decimal(self._overstay))
                words = Working("over {} minutes: ruled at {}", (limit.minutes, self._overstay))
                after.append(words)
        share = _ONE
        if role != "alone":
            read.append(self._share(role))
            share = self._share(role).value
            after.append(Working("liable unit") if role == "liable" else Working("host unit"))
        points, formula = _combined(base.value, factors, share, adds=self._adds)
        return _Cost(points, formula, tuple(read), tuple(before), tuple(after), undetermined)


def _combined(
    base: Decimal, factors: list[Decimal], share: Decimal, *, adds: bool
) -> tuple[Decimal, str]:
    """Return the points and their formula.

    With `adds` (reading `combine`), surcharges (加扣, factors over 1) are summed before they are
    applied. Reductions (只扣分50%, 不扣分, factors under 1) always multiply, so that an exempt
    batch stays at 0 points.

    Args:
        base: the points of the tier, negative.
        factors: the factors in the order of the formula.
        share: the unit's share, from 0 to 1.
        adds: whether surcharges are summed instead of multiplied.
    """
    applied = factors
    formula = [str(-base)]
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


def _explanation(visit: Visit, cost: _Cost) -> Working:
    batch = Working("{} to {}", (people(visit.batch.headcount), visit.batch.level))
    words = Parts([batch, *cost.before, _response_text(visit.response), *cost.after])
    return Working("{}: {}", (cost.formula, words))


def _response_text(response: OnSiteResponse | None) -> Working:
    if response is None:
        return Working("no response recorded")
    effect = Working("effective") if response.effective else Working("without effect")
    stay = Working("stay not recorded")
    if response.stay_minutes is not None:
        stay = Working("stay {} minutes", (response.stay_minutes,))
    return Working("leader {}, {}, {}", (response.arrival, effect, stay))
