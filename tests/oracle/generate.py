"""Random valid ledgers with many corrections, near the measure's thresholds.

A seed determines the ledger. Entries come in an order in which they can be recorded: each after
those that it refers to, a reversal before its replacement. `mixed` also makes verified
replacements whose reversal is not verified, so that both the old and the new entry count; it is
off by default, because the documents leave that case open.
"""

from __future__ import annotations

from tests.oracle.books import ISSUERS, LEVELS, ONE, RULINGS, day, month_end
from tests.oracle.contents import Contents

WEIGHTS = {
    "petition_batch": 26,
    "on_site_response": 22,
    "information_report": 9,
    "screening_report": 16,
    "case_report": 12,
    "notice": 4,
    "special_period": 5,
    "commendation": 3,
    "research_site": 4,
    "supervised_case": 8,
    "case_resolution": 7,
    "criticism": 3,
    "yellow_card": 2,
    "inspection_finding": 9,
    "carried_quarter": 2,
    "ruling": 3,
    "correct": 13,
    "reverse": 6,
}


class Gen(Contents):
    """Draw entries, corrections and reversals by weight until there are enough."""

    def __init__(self, seed, n_units, n_entries, mixed, rulings=3):
        super().__init__(seed)
        self.mixed = mixed
        for number in range(1, n_units + 1):
            self.add({"kind": "unit", "id": self.new_id("unit"), **self.c_unit(number)}, True)
        for number in range(1, n_units // 3 + 1):
            unit = {"name": f"镇外样例{number}号", "type": "outside"}
            self.add({"kind": "unit", "id": self.new_id("unit"), **unit}, True)
        weights = {**WEIGHTS, "ruling": rulings}
        while len(self.entries) < n_entries:
            kind = self.r.choices(list(weights), list(weights.values()))[0]
            getattr(self, "do_" + kind, lambda kind=kind: self.simple(kind))()
        # A correction is two entries and is never cut in half: there may be n_entries + 1.

    def key(self, e):
        """Return what only one entry at a time may count for, or None."""
        if e["kind"] == "on_site_response":
            return ("or", self.root[e["batch"]], self.root[e["unit"]])
        if e["kind"] == "inspection_finding":
            return ("if", self.root[e["unit"]], e["year"], e["item"])
        if e["kind"] == "ruling":
            return ("ru", e["year"], e["reading"])
        if e["kind"] == "carried_quarter":
            return ("cq", self.root[e["unit"]], e["period"])
        return None

    def simple(self, kind):
        """Add a new entry of a kind, if there can be one."""
        content = getattr(self, "c_" + kind)()
        if content is None:
            return
        e = {"kind": kind, "id": self.new_id(kind), **content}
        k = self.key(e)
        if k is not None:
            if k in self.keys:
                return
            self.keys[k] = e["id"]
        self.add(e)

    def reversible(self):
        """Return the entries that may be taken back."""
        return [e for e in self.entries if e["kind"] != "reversal" and e["id"] not in self.reversed]

    def do_reverse(self):
        """Take an entry back."""
        c = [e for e in self.reversible() if e["kind"] != "unit"]
        if not c:
            return
        e = self.r.choice(c)
        v = self.r.random() < 0.75
        self.reversed.add(e["id"])
        self.add(
            {"kind": "reversal", "id": self.new_id("reversal"), "of": e["id"], "reason": "误录"}, v
        )
        k = self.key(e)
        if k is not None and v and e["id"] not in self.pending:
            self.keys.pop(k, None)  # it counts no more: another may be recorded

    def do_correct(self):
        """Take an entry back and add its replacement."""
        c = list(self.reversible())
        if self.r.random() < 0.4:
            c = [e for e in c if e.get("replaces")] or c
        elif self.r.random() < 0.5:
            c = [
                e for e in c if e["kind"] in ("petition_batch", "notice", "supervised_case", "unit")
            ] or c
        e = self.r.choice(c)
        if any(e.get(f) and self.cur(e[f]) in self.reversed for f in ("batch", "notice", "case")):
            return  # what it refers to was taken back without a replacement
        new = {k: x for k, x in e.items() if k not in ("id", "replaces", "_verified", "note")}
        new = {
            "kind": e["kind"],
            "id": self.new_id(e["kind"]),
            **{k: x for k, x in new.items() if k != "kind"},
        }
        self.alter(new)
        if e["kind"] == "unit":
            rv = nv = True
        else:
            rv, nv = self.r.choices(
                [(True, True), (False, False), (True, False), (False, True)],
                [14, 3, 3, 3 if self.mixed else 0],
            )[0]
            if not self.mixed and e["id"] in self.pending:
                nv = False  # an earlier reversal of the chain is not verified yet
        self.reversed.add(e["id"])
        self.add(
            {"kind": "reversal", "id": self.new_id("reversal"), "of": e["id"], "reason": "更正"}, rv
        )
        if not rv or e["id"] in self.pending:
            self.pending.add(new["id"])
        self.add(new, nv, replaces=e["id"])

    def alter(self, e):
        """Change one or two fields, but not the key; refer to the last replacements."""
        for f in ("unit", "host_unit", "batch", "notice", "case"):
            if e.get(f):
                e[f] = self.cur(e[f])
        if e.get("units"):
            e["units"] = sorted({self.cur(u) for u in e["units"]})
        getattr(self, "alter_" + e["kind"])(e)

    def alter_unit(self, e):
        if e["type"] == "outside" or self.r.random() < 0.6:
            e["name"] += "改"
        else:
            for f in ("assessed_from", "assessed_until"):
                e.pop(f, None)
            e.update(self.span())

    def alter_petition_batch(self, e):
        fresh = self.c_petition_batch()
        fields = ["headcount", "level", "abnormal", "occurred_at", "matter", "unit", "host_unit"]
        fields += ["repeated", "key_person", "stay_minutes", "basis"]
        for f in self.r.sample(fields, 2):
            if f == "unit":
                if fresh["unit"] != e.get("host_unit"):
                    e["unit"] = fresh["unit"]
            elif f == "host_unit":
                e.pop("host_unit", None)
                h = self.other(e["unit"])
                if h and self.r.random() < 0.6:
                    e["host_unit"] = h
            elif f == "stay_minutes":
                e.pop("stay_minutes", None)
                if "stay_minutes" in fresh:
                    e["stay_minutes"] = fresh["stay_minutes"]
            elif f in fresh:
                e[f] = fresh[f]

    def alter_on_site_response(self, e):
        for f in ("arrival", "effective", "stay_minutes"):
            e.pop(f, None)
        e.update(self.answer())

    def alter_inspection_finding(self, e):
        e.pop("points", None)
        e.pop("missing", None)
        e.update(self.grade(e["item"]))

    def alter_carried_quarter(self, e):
        e["sections"] = self.sections()

    def alter_ruling(self, e):
        e["value"] = self.r.choice(RULINGS[e["reading"]])

    def alter_notice(self, e):
        if self.r.random() < 0.5:
            e["due_on"] = self.moved(e["due_on"], [-15, -1, 1, 15])
        else:
            fresh = self.c_notice()
            e.pop("units", None)
            if "units" in fresh:
                e["units"] = fresh["units"]

    def alter_special_period(self, e):
        e.update(self.c_special_period())

    def alter_screening_report(self, e):
        due = (
            month_end(*map(int, e["month"].split("-")))
            if e.get("month")
            else day(self.by_id[e["notice"]]["due_on"])
        )
        e["submitted_on"] = self.around(due).isoformat()

    def alter_case_report(self, e):
        e["cases"] = self.r.choice([0, 1, 2, 3])

    def alter_information_report(self, e):
        if self.r.random() < 0.5:
            e["as_required"] = not e.get("as_required", True)
        else:
            matters = [self.matter(), *(m for m in e["matters"] if self.r.random() < 0.5)]
            e["matters"] = list(dict.fromkeys(matters))

    def alter_supervised_case(self, e):
        if self.r.random() < 0.5:
            e["due_on"] = self.moved(e["due_on"], [-1, 1, 30])
        else:
            e["level"] = self.r.choice(LEVELS)

    def alter_case_resolution(self, e):
        e["resolved_on"] = self.moved(e["resolved_on"], [-1, 1])

    def alter_commendation(self, e):
        e["level"] = self.r.choice(LEVELS[:4])

    def alter_research_site(self, e):
        e["level"] = self.r.choice(LEVELS[:3])

    def alter_criticism(self, e):
        e["issuer"] = self.r.choice(ISSUERS)

    def alter_yellow_card(self, e):
        e["issued_on"] = self.date().isoformat()

    def moved(self, date, days):
        """Return a date moved by a random choice of numbers of days."""
        return (day(date) + self.r.choice(days) * ONE).isoformat()


def ledger(seed, n_units=6, n_entries=150, *, mixed=False, rulings=3):
    """Return the entries of a seed.

    `rulings` is the weight of rulings: at 3 there are few, at 20 most readings have one.
    """
    return Gen(seed, n_units, n_entries, mixed, rulings).entries
