"""Random work of an office: a state machine with two services on one ledger.

Each step is taken on the ledger and on the model of it; then `History.check` compares them. Steps
that must be refused are tried too, and must leave the ledger as it was.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ledger.corrections import correction_of, reversal_of
from ledger.errors import EntriesRefusedError
from tests.corrections.history import YEAR, History
from tests.corrections.model import Model
from tests.corrections.office import correct_words, office, temporary_folder
from tests.oracle import bare, scorer
from tests.oracle.generate import WEIGHTS
from tests.oracle.generate import ledger as ledger_of
from tests.oracle.view import instant
from tests.support import submissions

KINDS = [kind for kind in WEIGHTS if kind not in {"correct", "reverse"}]
NAMES = ["clerk", "deputy", "head"]
CLAUSES = ["screening", "case-reports", "information", "abnormal-petitions", "no-collective"]
ENDS = {
    "2016Q1": "2016-02-29",
    "2016Q2": "2016-05-31",
    "2016Q3": "2016-08-31",
    "2016Q4": "2016-11-30",
}
"""The quarters with their last days."""

names = st.sampled_from(NAMES)
seeds = numbers = st.integers(0, 1_000_000)
services = st.integers(0, 1)


def spread(number):
    """Return three numbers that choose positions for `History.check`."""
    return [number, number // 3, number // 7]


class Machine(RuleBasedStateMachine):
    """An office at work on a ledger, and the model of that ledger."""

    thorough = False

    def __init__(self):
        super().__init__()
        self.folder = temporary_folder()
        self.office = office(self.folder.__enter__())
        self.model = Model()
        self.ledgers = [self.office.ledger(), self.office.ledger()]
        self.history = History(self.office, self.ledgers, self.model, thorough=self.thorough)
        self.recorded_by = {}

    def teardown(self):
        for ledger in self.ledgers:
            ledger.store.close()
        self.folder.__exit__(None, None, None)

    # ---- recording and verifying
    @initialize(seed=seeds)
    def start_with_a_town(self, seed):
        """Import some 30 entries of three units, some corrected and some unverified."""
        entries = ledger_of(seed, n_units=3, n_entries=30)
        ids = [one["id"] for one in entries if one["_verified"]]
        receipt = self.ledgers[0].record(submissions(bare(entries)), "clerk")
        assert receipt.recorded == len(entries)
        self.model.record(*bare(entries))
        self.recorded_by.update((one["id"], "clerk") for one in entries)
        assert self.ledgers[1].verify(ids, "head").verified == len(ids)
        self.model.verify(ids)
        self.history.check(spread(seed))

    @rule(seed=seeds, by=names, verifier=st.none() | names, which=services, times=st.integers(1, 4))
    def record(self, seed, by, verifier, which, times):
        for number in range(times):
            self.record_one(self.random(seed, number), by, verifier, which)
        self.history.check(spread(seed))

    def record_one(self, random, by, verifier, which):
        """Record an entry and verify it by the other service, never by who recorded it."""
        (kind,) = random.choices(KINDS, [WEIGHTS[kind] for kind in KINDS])
        entry = self.model.new_entry(kind, random)
        if entry is None:
            return
        if verifier == by:
            self.refused(lambda: self.ledgers[which].record(submissions([entry]), by, verifier))
            verifier = None
        receipt = self.ledgers[which].record(submissions([entry]), by)
        self.model.record(entry)
        self.recorded_by[entry["id"]] = by
        assert receipt.position == self.model.position
        if verifier is not None and not self.model.would_count_twice(entry["id"]):
            self.ledgers[1 - which].verify([entry["id"]], verifier)
            self.model.verify([entry["id"]])

    @rule(by=names, picks=st.lists(numbers, min_size=3, max_size=6), which=services)
    @precondition(lambda self: self.model.unverified())
    def verify(self, by, picks, which):
        """Verify some entries; the second time they are skipped."""
        waiting = self.model.unverified()
        chosen = list(dict.fromkeys(waiting[number % len(waiting)] for number in picks))
        if any(self.recorded_by[entry_id] == by for entry_id in chosen):
            self.refused(lambda: self.ledgers[which].verify(chosen, by))
            chosen = [entry_id for entry_id in chosen if self.recorded_by[entry_id] != by]
        if not chosen or self.model.would_count_twice(*chosen):
            return
        assert self.ledgers[which].verify(chosen, by).verified == len(chosen)
        self.model.verify(chosen)
        assert self.ledgers[1 - which].verify(chosen, by).skipped == len(chosen)
        self.history.check(picks)

    @rule(by=names)
    @precondition(lambda self: self.model.unverified())
    def verify_all(self, by):
        """Verify all entries that others recorded, but what was sent back."""
        held_up = self.model.held_up()
        chosen = [
            one
            for one in self.model.unverified()
            if self.recorded_by[one] != by and one not in held_up
        ]
        if self.model.would_count_twice(*chosen):
            return
        assert self.ledgers[0].verify(None, by).verified == len(chosen)
        self.model.verify(chosen)
        self.history.check([1, 2, 3])

    @rule(number=numbers, by=names, which=services)
    def send_back(self, number, by, which):
        """Send an entry back that awaits verification; the second time it is refused."""
        done = self.model.returned() | self.model.books.reversed
        waiting = [one for one in self.model.unverified() if one not in done]
        if not waiting:
            return
        entry_id, ledger = self.random(number).choice(waiting), self.ledgers[which]
        if self.recorded_by[entry_id] == by:
            self.refused(lambda: ledger.send_back([entry_id], "不清", by), f"was recorded by {by}")
            return
        ledger.send_back([entry_id], "不清", by)
        self.model.log.append(("returned", entry_id))
        self.refused(lambda: ledger.send_back([entry_id], "不明", by), "was sent back already")
        self.history.check(spread(number))

    # ---- corrections
    @rule(number=numbers, by=names, which=services, verified=st.booleans())
    def reverse(self, number, by, which, verified):
        """Take an entry back; the second time it is refused with who did it."""
        entries = [one for one in self.model.reversible() if one["kind"] != "unit"]
        if not entries:
            return
        entry_id = self.random(number).choice(entries)["id"]
        reversal = f"{entry_id}.R"
        ledger = self.ledgers[which]
        ledger.record(lambda state: reversal_of(state, entry_id, "误录"), by)
        self.model.record({"kind": "reversal", "id": reversal, "of": entry_id, "reason": "误录"})
        self.recorded_by[reversal] = by
        if verified:
            self.ledgers[1 - which].verify([reversal], other_than(by))
            self.model.verify([reversal])
        self.refused(
            lambda: ledger.record(lambda state: reversal_of(state, entry_id, "又误"), "late"),
            f"{entry_id} was taken back already, by {reversal} ({by}, ",
        )
        self.history.check(spread(number))

    @rule(number=numbers, by=names, which=services, chain=st.booleans())
    def correct(self, number, by, which, chain):
        """Correct an entry by the service; a correction without a change is refused."""
        entry, new = self.draw_correction(number, chain=chain)
        changes = changed_fields(entry, new)
        ledger = self.ledgers[which]

        def make(state):
            return correction_of(state, entry["id"], changes, "更正")

        if not changes:
            self.refused(lambda: ledger.record(make, by), "nothing to correct")
            return
        ledger.record(make, by)
        self.replace(entry["id"], new, by)
        self.history.check(spread(number))

    @rule(number=numbers, by=names, chain=st.booleans())
    def correct_as_previewed(self, number, by, chain):
        """Correct by `tally correct` and verify: `diff` shows what the preview showed."""
        entry, new = self.draw_correction(number, chain=chain)
        entry_id, changes = entry["id"], changed_fields(entry, new)
        waiting = [entry_id] if entry_id in self.model.unverified() else []
        if not changes or self.model.would_count_twice(*waiting):
            return
        settings = [f"{name}={as_word(value)}" for name, value in changes.items()]
        # Random entries may come to say the same as others, or to lie in years without a measure.
        words = [*correct_words(entry_id, *settings, by=by), "--implausible", "--alike"]
        shown = self.office(*words, "--dry-run", "--json").ok().json
        assert shown["position"] == self.model.position
        self.office(*words, "--yes").ok()
        before = self.model.position
        self.replace(entry_id, new, by)
        appended = [f"{entry_id}.R", f"{entry_id}.2"]
        if not self.model.would_count_twice(*appended):
            self.office("verify", *appended, "--by", other_than(by)).ok()
            self.model.verify(appended)
            for preview in shown["preview"]:
                changed = [unit for unit in preview["units"] if unit["before"] or unit["after"]]
                words = ["diff", "--from", before, "--year", preview["year"], "--json"]
                assert self.office(*words).ok().json["units"] == changed
        self.history.check(spread(number))

    # ---- bulletins and objections
    @rule(quarter=st.sampled_from(sorted(ENDS)), by=names)
    def publish(self, quarter, by):
        """Publish a quarter; a later edition is refused without a reason."""
        editions = self.history.editions.get(quarter, [])
        words = ["publish", quarter, "--by", by, "--json"]
        if editions:
            refused = self.office(*words).refused()
            assert "is published already" in refused.err
            words += ["--reason", "更正通报"]
        receipt = self.office(*words).ok().json
        assert receipt["shows_position"] == self.model.position
        assert receipt["replaces"] == (len(editions) or None)
        scores = self.model.scores(YEAR, receipt["through"])
        # Flags that a later quarter raised are left out.
        by_then = self.model.scores(YEAR, min(receipt["through"], ENDS[quarter]))
        figures = [
            {
                "unit": unit["unit"],
                "name": unit["name"],
                **period,
                **{name: by_then[unit["unit"]][name] for name in ("flags", "eligible")},
            }
            for _, unit in sorted(scores.items())
            for period in unit["periods"]
            if period["period"] == quarter
        ]
        self.history.editions[quarter] = [*editions, figures]
        self.office("verify", quarter, "--by", by).refused()
        self.office("verify", quarter, "--by", other_than(by)).ok()
        self.model.log += [("published", quarter), ("edition verified", quarter)]
        self.history.check([1, 2, 3])

    @rule(number=numbers, posting=st.booleans(), by=names)
    def object_(self, number, posting, by):
        """Object to a posting, or to an entry that bears points."""
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
        receipt = self.ledgers[0].object(subject, unit, "不符", by)
        self.model.log.append(("objected", {**about, "id": receipt.entries[0]}))
        self.history.check(spread(number))

    @rule(number=numbers, outcome=st.sampled_from(["upheld", "dismissed"]), by=names)
    @precondition(lambda self: self.model.objections())
    def decide(self, number, outcome, by):
        """Decide on an objection; a second decision is refused with the first."""
        waiting = self.model.objections()
        objection = waiting[number % len(waiting)]["id"]
        self.ledgers[1].decide(objection, outcome, "核实", by)
        self.model.log.append(("decided", objection))
        self.refused(
            lambda: self.ledgers[0].decide(objection, "upheld", "再议", "late"),
            f"{objection}: was {outcome} already by {by} on ",
        )
        self.history.check(spread(number))

    # ---- parts of steps
    def random(self, *seed):
        """Return a generator of random numbers that differs from step to step."""
        return Random(f"{seed} {self.model.position}")

    def draw_correction(self, number, *, chain):
        """Draw an entry, with `chain` one that was corrected before, and new content."""
        entries = self.model.reversible()
        if chain:
            entries = [one for one in entries if one.get("replaces")] or entries
        random = self.random(number)
        entry = random.choice(entries)
        return entry, self.model.corrected(entry, random)

    def replace(self, entry_id, new, by):
        """Record a correction in the model."""
        replacement = {**new, "id": f"{entry_id}.2", "replaces": entry_id}
        reversal = {"kind": "reversal", "id": f"{entry_id}.R", "of": entry_id, "reason": "更正"}
        self.model.record(reversal, replacement)
        self.recorded_by.update({reversal["id"]: by, replacement["id"]: by})

    def refused(self, act, words=""):
        """Check that something is refused with a message, and writes nothing."""
        with pytest.raises(EntriesRefusedError) as caught:
            act()
        assert words in str(caught.value)
        assert self.ledgers[0].state().position == self.model.position


class ThoroughMachine(Machine):
    """A machine that checks every earlier position after every step."""

    thorough = True


def other_than(name):
    return next(other for other in NAMES if other != name)


def changed_fields(old, new):
    """Return the fields that a correction sets, None for those that it empties.

    Another spelling of the same instant, or the absence of a flag's default, is not a change; notes
    stay as they are.
    """
    names = (old.keys() | new.keys()) - {"id", "kind", "replaces", "note", "_verified"}
    return {
        name: new.get(name)
        for name in sorted(names)
        if meaning(name, old.get(name)) != meaning(name, new.get(name))
    }


DEFAULTS = {"repeated": False, "key_person": False, "as_required": True}
"""What flags that are left out mean; of others, as `effective`, that nothing is recorded."""


def meaning(name, value):
    if value is None:
        return DEFAULTS.get(name)
    return instant(value) if name.endswith("_at") else value


def as_word(value):
    """Return a value as `--set` takes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return ",".join(f"{key}={one}" for key, one in value.items())
    return ",".join(value) if isinstance(value, list) else str(value)
