"""A plain model of a ledger: a list of what was appended, scored by the independent scorer."""

from __future__ import annotations

from tests.oracle.generate import Gen
from tests.oracle.scorer import CLAUSE_OF, concerns_year, score
from tests.oracle.view import View

STANDS_FOR = {"on_site_response", "inspection_finding", "ruling"}
"""Kinds of which one alone may stand for one thing."""


class Model:
    """What was appended, event by event: position n is `log[n - 1]`."""

    def __init__(self):
        self.log = []
        """`recorded` with the entry, `reversed` and `verified` with its id, and so on."""
        self.books = Gen(0, 0, 0, mixed=False)
        """Draws contents that can be recorded next."""

    @property
    def position(self):
        return len(self.log)

    # ---- appending
    def record(self, *entries):
        """One append: all recordings, then the marks on what is taken back."""
        for entry in entries:
            self.log.append(("recorded", entry))
            self.books.add(dict(entry), verified=False, replaces=entry.get("replaces"))
            self.books.count += 1  # numbers that the entries themselves may have
        taken_back = [entry["of"] for entry in entries if entry["kind"] == "reversal"]
        self.log.extend(("reversed", entry_id) for entry_id in taken_back)
        self.books.reversed.update(taken_back)

    # ---- what stands
    def entries(self, position=None):
        """The entries recorded by a position, each with whether it was verified by then."""
        found = {}
        for what, about in self.log[:position]:
            if what == "recorded":
                found[about["id"]] = {**about, "_verified": False}
            elif what == "verified":
                found[about]["_verified"] = True
        return list(found.values())

    def amid_a_reversal(self, position):
        """Whether an append ends later in which a reversal is recorded and has no mark yet."""
        log = self.log[:position]
        kinds = [about["kind"] for what, about in log if what == "recorded"]
        return kinds.count("reversal") != [what for what, _ in log].count("reversed")

    def objections(self, position=None):
        """Those raised by a position and not decided by then."""
        found = {}
        for what, about in self.log[:position]:
            if what == "objected":
                found[about["id"]] = about
            elif what == "decided":
                del found[about]
        return list(found.values())

    def scores(self, year, through, position=None, *, provisional=False):
        """The units of `score` by id, in order, each with its open points in no order."""
        entries = self.entries(position)
        units = score(entries, year, through, provisional=provisional)["units"]
        view = View(entries, year, through, provisional)
        for unit in units:
            unit["open"] += [
                point
                for objection in self.objections(position)
                if view.ref(objection["unit"]) == unit["unit"]
                for point in _objected(objection, view)
            ]
        return unordered(units)

    def root(self, entry_id):
        return self.books.root[entry_id]

    # ---- what the next step may take
    def reversible(self):
        reversed_ = self.books.reversed
        return [
            entry
            for entry in self.books.entries
            if entry["kind"] != "reversal" and entry["id"] not in reversed_
        ]

    def unverified(self):
        return [entry["id"] for entry in self.entries() if not entry["_verified"]]

    def content(self, kind, random):
        """The fields of another entry of a kind, or None where there can be none."""
        books = self.books
        books.r = random
        books.keys = {books.key(one): one["id"] for one in self.reversible()}
        fields = getattr(books, f"c_{kind}")()
        if fields is None:
            return None
        entry = {"kind": kind, "id": books.new_id(kind), **fields}
        return None if books.key(entry) in books.keys and kind in STANDS_FOR else entry

    def altered(self, entry, random):
        """An entry's content with some fields changed: what it should have been."""
        self.books.r = random
        new = {
            name: value
            for name, value in entry.items()
            if name not in {"replaces", "_verified", "note"}
        }
        self.books.alter(new)
        return new

    def doubles(self, *verified):
        """Whether two entries would count at once, on the way or at the end, that must not.

        The documents leave open which of them stands where the reversal of the first awaits
        verification and the second does not.
        """
        entries = self.entries()
        for number in range(1, len(verified) + 1):
            believed = {one["id"] for one in entries if one["_verified"]} | set(verified[:number])
            gone = {one["of"] for one in entries if one["kind"] == "reversal"} & {
                one["of"] for one in entries if one["id"] in believed and one["kind"] == "reversal"
            }
            keys = [
                self.books.key(one) or self.root(one["id"])
                for one in entries
                if one["kind"] in STANDS_FOR | {"unit"}
                and one["id"] in believed
                and one["id"] not in gone
            ]
            if len(keys) != len(set(keys)):
                return True
        return False


def _objected(objection, view):
    if objection["entry"] is None:
        in_view, clause = objection["period"].startswith(str(view.year)), objection["clause"]
    else:
        entry = view.by_id[objection["entry"]]
        in_view = concerns_year(view, entry)
        clause = CLAUSE_OF.get(entry["kind"]) or f"inspection-{entry['item']}"
    if in_view:
        yield {"kind": "objection", "entry": objection["id"], "clause": clause}


def unordered(units):
    """Units by id, in their order, open points in none; published figures left out."""
    return {
        unit["unit"]: {
            **unit,
            "quarters": [
                {name: value for name, value in quarter.items() if name != "published"}
                for quarter in unit["quarters"]
            ],
            "open": {tuple(point.values()) for point in unit["open"]},
        }
        for unit in units
    }
