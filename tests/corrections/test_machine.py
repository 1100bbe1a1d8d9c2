"""Random recording, verifying, correcting, publishing and objecting, against a plain model.

After each step today's scores are the model's, by a scorer that is not the product's; the scores
as of earlier positions are what was kept when they stood; what was published is word for word
what it was; and `diff` names the units that differ, no others, and for each a cause.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ledger.corrections import correction_of, reversal_of
from ledger.errors import EntriesRefusedError
from ledger.state import LedgerState
from projections.presentation import scores_json
from projections.publication import published_beside
from projections.rulebook import load_rulebook
from projections.scores import score_year
from tests.corrections.model import Model, unordered
from tests.corrections.office import office
from tests.oracle import bare, scorer
from tests.oracle.generate import WEIGHTS
from tests.oracle.generate import ledger as ledger_of
from tests.oracle.view import instant
from tests.support import submissions

KINDS = [kind for kind in WEIGHTS if kind not in {"correct", "reverse"}]
NAMES = ["clerk", "deputy", "head"]
CLAUSES = ["screening", "case-reports", "information", "abnormal-petitions", "no-collective"]
VIEWS = [("2016-11-30", False), ("2016-06-20", False), ("2016-12-31", True)]
QUARTERS = ["2016Q1", "2016Q2", "2016Q3", "2016Q4"]

names = st.sampled_from(NAMES)
seeds = numbers = st.integers(0, 1_000_000)


class Machine(RuleBasedStateMachine):
    """An office at work, and the list of what it appended beside it."""

    thorough = False

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tally-machine-"))
        self.office = office(self.folder)
        self.model = Model()
        # Two clerks, each in a process of its own as far as they know.
        self.desks = [self.office.ledger(), self.office.ledger()]
        self.by = {}
        self.begun = 0
        self.kept = {}
        self.editions = {}

    def teardown(self):
        for desk in self.desks:
            desk.store.close()
        shutil.rmtree(self.folder)

    # ---- steps
    @initialize(seed=seeds)
    def a_town(self, seed):
        """A ledger of a few dozen entries to begin with, some corrected and some unverified."""
        entries = ledger_of(seed, n_units=3, n_entries=30)
        ids = [one["id"] for one in entries if one["_verified"]]
        assert self.desks[0].record(submissions(bare(entries)), "clerk").recorded == len(entries)
        self.model.record(*bare(entries))
        self.by.update((one["id"], "clerk") for one in entries)
        assert self.desks[1].verify(ids, "head").verified == len(ids)
        self.model.log.extend(("verified", entry_id) for entry_id in ids)
        self.begun = self.model.position - 1
        self.hold([seed, seed // 3, seed // 7])

    @rule(
        seed=seeds,
        by=names,
        verifier=st.none() | names,
        desk=st.integers(0, 1),
        times=st.integers(1, 4),
    )
    def record(self, seed, by, verifier, desk, times):
        for number in range(times):
            self.record_one(self.random(seed, number), by, verifier, desk)
        self.hold([seed, seed // 3, seed // 7])

    def record_one(self, random, by, verifier, desk):
        (kind,) = random.choices(KINDS, [WEIGHTS[kind] for kind in KINDS])
        entry = self.model.content(kind, random)
        if entry is None:
            return
        if verifier == by:
            self.refused(lambda: self.desks[desk].record(submissions([entry]), by, verifier))
            verifier = None
        receipt = self.desks[desk].record(submissions([entry]), by)
        self.model.record(entry)
        self.by[entry["id"]] = by
        assert receipt.position == self.model.position
        if verifier is not None and not self.model.doubles(entry["id"]):
            self.desks[1 - desk].verify([entry["id"]], verifier)
            self.model.log.append(("verified", entry["id"]))

    @rule(by=names, pick=st.lists(numbers, min_size=3, max_size=6), desk=st.integers(0, 1))
    @precondition(lambda self: self.model.unverified())
    def verify(self, by, pick, desk):
        waiting = self.model.unverified()
        chosen = list(dict.fromkeys(waiting[number % len(waiting)] for number in pick))
        if any(self.by[entry_id] == by for entry_id in chosen):
            self.refused(lambda: self.desks[desk].verify(chosen, by))
            chosen = [entry_id for entry_id in chosen if self.by[entry_id] != by]
        if not chosen or self.model.doubles(*chosen):
            return
        assert self.desks[desk].verify(chosen, by).verified == len(chosen)
        self.model.log.extend(("verified", entry_id) for entry_id in chosen)
        assert self.desks[1 - desk].verify(chosen, by).skipped == len(chosen)
        self.hold(pick)

    @rule(by=names)
    @precondition(lambda self: self.model.unverified())
    def verify_all(self, by):
        chosen = [one for one in self.model.unverified() if self.by[one] != by]
        if self.model.doubles(*chosen):
            return
        assert self.desks[0].verify(None, by).verified == len(chosen)
        self.model.log.extend(("verified", entry_id) for entry_id in chosen)
        self.hold([1, 2, 3])

    @rule(number=numbers, by=names, desk=st.integers(0, 1), verified=st.booleans())
    def reverse(self, number, by, desk, verified):
        entries = [one for one in self.model.reversible() if one["kind"] != "unit"]
        if not entries:
            return
        entry_id = self.random(number).choice(entries)["id"]
        reversal = f"{entry_id}.R"
        ledger = self.desks[desk]
        ledger.record(lambda state: reversal_of(state, entry_id, "误录"), by)
        self.take_back(entry_id, by)
        if verified:
            self.desks[1 - desk].verify([reversal], other_than(by))
            self.model.log.append(("verified", reversal))
        self.refused(
            lambda: ledger.record(lambda known: reversal_of(known, entry_id, "又误"), "late"),
            f"{entry_id} was taken back already, by {reversal} ({by}, ",
        )
        self.hold([number, number // 3, number // 7])

    @rule(number=numbers, by=names, desk=st.integers(0, 1), chain=st.booleans())
    def correct(self, number, by, desk, chain):
        entry, new = self.to_be_corrected(number, chain=chain)
        entry_id, changes = entry["id"], changed(entry, new)
        ledger = self.desks[desk]

        def make(state):
            return correction_of(state, entry_id, changes, "更正")

        if not changes:
            self.refused(lambda: ledger.record(make, by), "nothing to correct")
            return
        ledger.record(make, by)
        self.replace(entry_id, new, by)
        self.hold([number, number // 3, number // 7])

    @rule(number=numbers, by=names, chain=st.booleans())
    def correct_as_shown(self, number, by, chain):
        """`tally correct`, verified at once: what the preview showed is what `diff` shows."""
        entry, new = self.to_be_corrected(number, chain=chain)
        if entry["kind"] == "ruling":
            return  # its value may be a number of days, which --set takes for text all the same
        entry_id, changes = entry["id"], changed(entry, new)
        if not changes or self.model.doubles(*self.previously_unverified(entry_id)):
            return
        words = ["correct", entry_id, "--reason", "更正", "--by", by]
        for name, value in changes.items():
            words += ["--set", f"{name}={as_word(value)}"]
        shown = self.office(*words, "--dry-run", "--json").ok().json
        assert shown["position"] == self.model.position
        self.office(*words, "--yes").ok()
        before = self.model.position
        self.replace(entry_id, new, by)
        fresh = [f"{entry_id}.R", f"{entry_id}.2"]
        if not self.model.doubles(*fresh):
            self.office("verify", *fresh, "--by", other_than(by)).ok()
            self.model.log.extend(("verified", one) for one in fresh)
            for preview in shown["preview"]:
                told = [unit for unit in preview["units"] if unit["before"] or unit["after"]]
                words = ["diff", "--from", before, "--year", preview["year"], "--json"]
                assert self.office(*words).ok().json["units"] == told
        self.hold([number, number // 3, number // 7])

    @rule(quarter=st.sampled_from(QUARTERS), by=names)
    def publish(self, quarter, by):
        editions = self.editions.setdefault(quarter, [])
        words = ["publish", quarter, "--by", by, "--json"]
        if editions:
            refused = self.office(*words).refused()
            assert "published already" in refused.err
            words += ["--reason", "更正通报"]
        receipt = self.office(*words).ok().json
        assert receipt["shows_position"] == self.model.position
        assert receipt["replaces"] == (len(editions) or None)
        through = receipt["through"]
        number = QUARTERS.index(quarter)
        editions.append(
            [
                {
                    "unit": unit["unit"],
                    "name": unit["name"],
                    **unit["quarters"][number],
                    **{flag: unit[flag] for flag in ("disqualified", "vetoed", "eligible")},
                }
                for _, unit in sorted(self.model.scores(2016, through).items())
            ]
        )
        self.model.log.append(("published", quarter))
        self.hold([1, 2, 3])

    @rule(number=numbers, posting=st.booleans(), by=names)
    def object_(self, number, posting, by):
        entries = [
            one
            for one in self.model.books.entries
            if one["kind"] in scorer.CLAUSE_OF or one["kind"] == "inspection_finding"
        ]
        units = [one["id"] for one in self.model.books.entries if one["kind"] == "unit"]
        unit = units[number % len(units)]
        about = {"unit": unit, "entry": None, "period": None, "clause": None}
        if posting or not entries:
            about["period"] = ["2016Q2", "2016", "2015Q4"][number % 3]
            about["clause"] = CLAUSES[number % len(CLAUSES)]
            subject = f"{about['period']}:{about['clause']}"
        else:
            subject = about["entry"] = entries[number % len(entries)]["id"]
        receipt = self.desks[0].object(subject, unit, "不符", by)
        self.model.log.append(("objected", {**about, "id": receipt.entries[0]}))
        self.hold([number, number // 3, number // 7])

    @rule(number=numbers, outcome=st.sampled_from(["upheld", "dismissed"]), by=names)
    @precondition(lambda self: self.model.objections())
    def decide(self, number, outcome, by):
        waiting = self.model.objections()
        objection = waiting[number % len(waiting)]["id"]
        self.desks[1].decide(objection, outcome, "核实", by)
        self.model.log.append(("decided", objection))
        self.refused(
            lambda: self.desks[0].decide(objection, "upheld", "再议", "late"),
            f"{objection}: was {outcome} already by {by} on ",
        )
        self.hold([number, number // 3, number // 7])

    # ---- helpers of the steps
    def random(self, *seed):
        """Chance of a rule's own, another at each position."""
        return Random(f"{seed} {self.model.position}")

    def to_be_corrected(self, number, *, chain):
        """An entry that stands, the head of a chain of corrections if there is one and wished."""
        entries = self.model.reversible()
        if chain:
            entries = [one for one in entries if one.get("replaces")] or entries
        random = self.random(number)
        entry = random.choice(entries)
        return entry, self.model.altered(entry, random)

    def previously_unverified(self, entry_id):
        return [entry_id] if entry_id in self.model.unverified() else []

    def take_back(self, entry_id, by):
        reversal = {"kind": "reversal", "id": f"{entry_id}.R", "of": entry_id, "reason": "误录"}
        self.model.record(reversal)
        self.by[reversal["id"]] = by

    def replace(self, entry_id, new, by):
        replacement = {**new, "id": f"{entry_id}.2", "replaces": entry_id}
        reversal = {"kind": "reversal", "id": f"{entry_id}.R", "of": entry_id, "reason": "更正"}
        self.model.record(reversal, replacement)
        self.by.update({reversal["id"]: by, replacement["id"]: by})

    def refused(self, act, words=""):
        with pytest.raises(EntriesRefusedError) as caught:
            act()
        assert words in str(caught.value)
        assert self.desks[0].state().position == self.model.position

    # ---- what must hold after each step
    def hold(self, numbers):
        head = self.model.position
        positions = [*range(max(self.kept, default=self.begun) + 1, head + 1)]
        assert self.desks[0].state().position == self.desks[1].state().position == head
        for position in positions:
            self.kept[position] = self.shown(position)
            for (through, provisional), shown in zip(VIEWS, self.kept[position], strict=True):
                if provisional and self.model.amid_a_reversal(position):
                    continue
                expected = self.model.scores(2016, through, position, provisional=provisional)
                assert unordered(shown["units"]) == expected, (position, through, provisional)
                assert list(unordered(shown["units"])) == list(expected)
        today = score_year(self.desks[1].state(), load_rulebook(), 2016, date(2016, 11, 30))
        assert scores_json(today)["units"] == without_published(self.kept[head][0]["units"])
        first, last, another = sorted(
            sorted(self.kept)[one % len(self.kept)] for one in numbers[:3]
        )
        for position in {first, last, another}:
            assert self.shown(position) == self.kept[position], position
        if self.thorough:
            self.hold_all()
        editions = {quarter: kept for quarter, kept in self.editions.items() if kept}
        assert {
            quarter: [list(edition.event.figures) for edition in found]
            for quarter, found in self.desks[1].state().editions.items()
        } == editions
        self.differ(first, last)
        self.differ(first, head)

    def hold_all(self):
        """Every earlier position, in one reading from the first event on."""
        state = LedgerState()
        for row in self.desks[1].store.rows():
            state.fold([row])
            position = state.position
            if position in self.kept:
                assert self.seen(state, VIEWS[:1]) == self.kept[position][:1], position

    def shown(self, position):
        return self.seen(self.desks[0].state_at(position), VIEWS)

    def seen(self, state, views):
        found = []
        for through, provisional in views:
            day = date.fromisoformat(through)
            scores = score_year(state, load_rulebook(), 2016, day, provisional=provisional)
            beside = published_beside(scores, state)
            found.append(scores_json(scores, provisional=provisional, beside=beside))
        return found

    def differ(self, first, last):
        """`diff` names exactly the units whose JSON differs, by what, and why."""
        words = ["--from", first, "--to", last, "--year", "2016", "--through", VIEWS[0][0]]
        told = self.office("diff", *words, "--json").ok().json
        assert (told["from"], told["to"]) == (first, last)
        before, after = (
            {self.model.root(unit): fields for unit, fields in unordered(kept["units"]).items()}
            for kept in (self.kept[first][0], self.kept[last][0])
        )
        expected = {}
        for root in before | after:
            was, now = before.get(root, {}), after.get(root, {})
            fields = {name for name in was | now if was.get(name) != now.get(name)}
            if fields:
                expected[(now or was)["unit"]] = fields
        found = {unit["unit"]: set(unit["before"]) | set(unit["after"]) for unit in told["units"]}
        assert found == expected
        happened = {
            about["id"] if isinstance(about, dict) else about
            for _, about in self.model.log[first:last]
        }
        for unit in told["units"]:
            assert set(unit["entries"]) <= happened
            assert unit["entries"] or found[unit["unit"]] == {"rank"}, unit


class ThoroughMachine(Machine):
    """The same, held against every earlier position after every step."""

    thorough = True


def other_than(name):
    return next(other for other in NAMES if other != name)


def changed(old, new):
    """The fields that a correction sets; None for those that it empties.

    Another spelling of the same instant, or a flag left out that was false, is no change; notes are
    left alone.
    """
    names = (old.keys() | new.keys()) - {"id", "kind", "replaces", "note", "_verified"}
    return {
        name: new.get(name)
        for name in sorted(names)
        if meaning(name, old.get(name)) != meaning(name, new.get(name))
    }


def meaning(name, value):
    if value is None or value is False:
        return False
    return instant(value) if name.endswith("_at") else value


def as_word(value):
    """A value as `--set` takes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)


def without_published(units):
    return [
        {
            **unit,
            "quarters": [
                {name: value for name, value in quarter.items() if name != "published"}
                for quarter in unit["quarters"]
            ],
        }
        for unit in units
    ]


checks = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

TestMachine = Machine.TestCase
TestMachine.settings = settings(checks, max_examples=12, stateful_step_count=20)

TestMachineAtLength = pytest.mark.slow(ThoroughMachine.TestCase)
TestMachineAtLength.settings = settings(checks, max_examples=60, stateful_step_count=30)
