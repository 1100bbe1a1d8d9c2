"""Abnormal petitions (非正常上访工作), 三（一）2: by level and headcount, share and response."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from math import prod
from typing import TYPE_CHECKING

from msgspec import Struct

from ledger.message import Parts
from ledger.vocabulary import LEVELS
from projections.postings import ZERO, Deferred, Finding, OpenPoint, Posting, Working, people
from projections.rulebook import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries import OnSiteResponse
    from projections.clauses import Judge
    from projections.facts import TownYear, UnitYear, Visit
    from projections.rulebook import Clause

_IN_TIME = frozenset({"ahead", "prompt"})
_THIRTY = 30
_ONE = Decimal(1)


def compile_judge(clause: Clause, readings: Mapping[str, str]) -> Judge:
    """Compile the clause: one posting for each batch of which the unit bears a share (points).

    A batch is open while no response is recorded, and where its long stay has no ruled amount.
    """
    slug, of_all = clause.slug, readings["petition_scope"] == "all"
    short = clause.amount_for("short stay").minutes
    assert short is not None
    long_at = {
        level: clause.amount_for("long stay", level=level).minutes or 0
        for level in LEVELS
        if clause.states("long stay", level=level)
    }
    # Each kind of batch is computed once: a quarter of the time of 50,000 batches drawn at random.
    cost_of = cache(_Costs(clause, readings).cost)

    def judge(unit: UnitYear, town: TownYear) -> Iterator[Finding]:
        for visit in unit.visits:
            batch, quarter, role, response = visit.batch, visit.quarter, visit.role, visit.response
            name, level = batch.id, batch.level
            if not batch.abnormal and not of_all:
                words = Working("a lawful visit costs nothing under this clause")
                yield Posting(slug, quarter, ZERO, (name,), words)
                continue
            entries: tuple[str, ...] = (name,)
            outcome, overstays = "not recorded", None
            if response is not None:
                entries = (name, response.id)
                outcome, stay = response.arrival, response.stay_minutes
                if outcome in _IN_TIME:
                    briefly = response.effective and stay is not None and stay <= short
                    outcome = "effective within the hour" if briefly else "in time"
                if stay is not None and level in long_at:
                    overstays = stay > long_at[level]
            cost = cost_of(level, batch.headcount, batch.repeated, role, outcome, overstays)
            if cost.undetermined:
                yield OpenPoint("undetermined", name, slug, quarter)
            if response is None:
                yield OpenPoint("incomplete", name, slug, quarter)
            yield Posting(
                slug, quarter, cost.points, entries, Deferred(_worked, (visit, cost)), cost.read
            )

    return judge


class _Cost(Struct, frozen=True, gc=False):
    """What every batch of one kind costs one unit."""

    points: Decimal
    formula: str
    read: tuple[Amount, ...]
    before: tuple[Working, ...]
    """Words on the batch, which come before those on the response."""
    after: tuple[Working, ...]
    """Words on the stay and the share, which come after them."""
    undetermined: bool
    """Whether the stay is to cost more, by an amount that nobody has ruled."""


class _Costs:
    """The amounts of the clause and the readings in force."""

    def __init__(self, clause: Clause, readings: Mapping[str, str]) -> None:
        self._base = clause.lookup("abnormal batch", "level", "headcount")
        self._answer = clause.lookup("on-site response", "outcome", "level", "headcount")
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
        """Return what a batch costs a unit.

        Args:
            level: where the visitors went.
            headcount: how many they were.
            repeated: whether the office found it a repeated batch.
            role: the unit's, as in `Visit`.
            outcome: of the response, as the amounts name it.
            overstays: whether they stayed over the limit; None where none applies or the stay is
                unknown.
        """
        collective = headcount >= self._collective_from
        # 30 people are of the tier 11-30 unless ruled otherwise.
        top = headcount == _THIRTY and self._thirty_is_top
        base = self._base(level, headcount + 1 if top else headcount)
        read, factors = [base], list[Decimal]()
        before, after = list[Working](), list[Working]()
        if repeated and collective and level in self._repeat_levels:
            read.append(self._repeat)
            factors.append(self._repeat.value)
            before.append(Working("a repeated collective batch"))
        if outcome in {"effective within the hour", "in time"}:
            read.append(self._short)
        answer = self._answer(outcome, level, headcount)
        read.append(answer)
        factors.append(answer.value)
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
    """Return the points and their formula, under the reading `combine`.

    Only what exceeds 1 is a surcharge (加扣) and can be added up: half points and no points
    (只扣分50%, 不扣分) go on multiplying, so that an exempt batch stays exempt.
    """
    applied = factors
    formula = [str(-base)]
    if adds:
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


def _worked(visit: Visit, cost: _Cost) -> Working:
    went = Working("{} to {}", (people(visit.batch.headcount), visit.batch.level))
    words = Parts([went, *cost.before, _responded(visit.response), *cost.after])
    return Working("{}: {}", (cost.formula, words))


def _responded(response: OnSiteResponse | None) -> Working:
    if response is None:
        return Working("no response recorded")
    effect = Working("effective") if response.effective else Working("without effect")
    stay = Working("stay not recorded")
    if response.stay_minutes is not None:
        stay = Working("stay {} minutes", (response.stay_minutes,))
    return Working("leader {}, {}, {}", (response.arrival, effect, stay))
