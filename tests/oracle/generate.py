"""Random valid ledgers, deterministic in the seed, full of corrections and of the measure's edges.

Entries come in recordable order: what is referred to comes first, a reversal before its
replacement. `mixed` also makes verified replacements whose reversal is not verified (old and new
both count then): off by default, since the documents leave it open.
"""

from __future__ import annotations

from tests.oracle.books import ISSUERS, LEVELS, ONE, RULINGS, day, month_end
from tests.oracle.contents import Contents

WEIGHTS = {
    "petition_batch": 24,
    "on_site_response": 16,
    "information_report": 9,
    "screening_report": 16,
    "case_report": 12,
    "notice": 4,
    "special_period": 4,
    "commendation": 3,
    "research_site": 3,
    "supervised_case": 8,
    "case_resolution": 7,
    "criticism": 3,
    "yellow_card": 2,
    "inspection_finding": 9,
    "ruling": 3,
    "correct": 13,
    "reverse": 6,
}


class Gen(Contents):
    """Draws kinds by weight until there are entries enough; now and then corrects or reverses."""

    def __init__(self, seed, n_units, n_entries, mixed, rulings=3):
        super().__init__(seed)
        self.mixed = mixed
        for i in range(n_units):
            name = f"样例{i + 1}号"
            kind = self.r.choice(["village", "farm", "community"])
            self.add({"kind": "unit", "id": self.new_id("unit"), "name": name, "type": kind}, True)
        weights = {**WEIGHTS, "ruling": rulings}
        while len(self.entries) < n_entries:
            kind = self.r.choices(list(weights), list(weights.values()))[0]
            getattr(self, "do_" + kind, lambda kind=kind: self.simple(kind))()
        # a correction is two entries, so there may be n_entries + 1: never a reversal cut off
        # from its replacement

    def key(self, e):
        if e["kind"] == "on_site_response":
            return ("or", self.root[e["batch"]], self.root[e["unit"]])
        if e["kind"] == "inspection_finding":
            return ("if", self.root[e["unit"]], e["year"], e["item"])
        if e["kind"] == "ruling":
            return ("ru", e["year"], e["reading"])
        return None

    def simple(self, kind):
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
        return [e for e in self.entries if e["kind"] != "reversal" and e["id"] not in self.reversed]

    def do_reverse(self):
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
            self.keys.pop(k, None)  # truly gone: may be recorded anew

    def do_correct(self):
        c = list(self.reversible())
        if self.r.random() < 0.4:
            c = [e for e in c if e.get("replaces")] or c
        elif self.r.random() < 0.5:
            c = [
                e for e in c if e["kind"] in ("petition_batch", "notice", "supervised_case", "unit")
            ] or c
        e = self.r.choice(c)
        if any(e.get(f) and self.cur(e[f]) in self.reversed for f in ("batch", "notice", "case")):
            return  # what it refers to is gone for good: leave it alone
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
        """Changes one or two fields, never what makes the key; brings references up to date."""
        for f in ("unit", "host_unit", "batch", "notice", "case"):
            if e.get(f):
                e[f] = self.cur(e[f])
        if e.get("units"):
            e["units"] = sorted({self.cur(u) for u in e["units"]})
        getattr(self, "alter_" + e["kind"])(e)

    def alter_unit(self, e):
        e["name"] += "改"

    def alter_petition_batch(self, e):
        fresh = self.c_petition_batch()
        fields = ["headcount", "level", "abnormal", "occurred_at", "matter", "unit", "host_unit"]
        for f in self.r.sample([*fields, "repeated", "key_person"], 2):
            if f == "unit":
                if fresh["unit"] != e.get("host_unit"):
                    e["unit"] = fresh["unit"]
            elif f == "host_unit":
                e.pop("host_unit", None)
                h = self.other(e["unit"])
                if h and self.r.random() < 0.6:
                    e["host_unit"] = h
            elif f in fresh:
                e[f] = fresh[f]

    def alter_on_site_response(self, e):
        for f in ("arrival", "effective", "stay_minutes"):
            e.pop(f, None)
        e.update(self.answer())

    def alter_inspection_finding(self, e):
        e.update(self.grade(e["item"]))

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
        return (day(date) + self.r.choice(days) * ONE).isoformat()


def ledger(seed, n_units=6, n_entries=150, *, mixed=False, rulings=3):
    """The entries of a seed; `rulings` is their weight (3 = few; 20 = most readings ruled on)."""
    return Gen(seed, n_units, n_entries, mixed, rulings).entries
