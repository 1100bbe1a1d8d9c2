"""A plain model of a ledger: the list of its events, scored by the oracle."""

from __future__ import annotations

from tests.oracle.generate import Gen
from tests.oracle.scorer import CLAUSE_OF, concerns_year, score
from tests.oracle.view import View

UNIQUE_KINDS = {"on_site_response", "inspection_finding", "ruling", "carried_quarter"}
"""Kinds of which one entry at a time may count: for a batch and unit, an item, a reading…"""


class Model:
    """The events of a ledger: position n is `log[n - 1]`.

    An item of the log is `("recorded", entry)`, or what was done and an id: `("reversed", id)`,
    `("verified", id)`, `("returned", id)`, `("published", quarter)`,
    `("edition verified", quarter)`, `("objected", objection)`, `("decided", id)`.
    It begins with the adoption that the ledger was made with.
    """

    def __init__(self):
        self.log = [("adopted", "measure:2016")]
        self.books = Gen(0, 0, 0, mixed=False)
        """Draws the contents of entries that can be recorded next."""
        self._scored = {}

    @property
    def position(self):
        return len(self.log)

    # ---- appending
    def record(self, *entries):
        """Append all recordings, then a `reversed` for each entry that they take back."""
        for entry in entries:
            self.log.append(("recorded", entry))
            self.books.add(dict(entry), verified=False, replaces=entry.get("replaces"))
            self.books.count += 1  # drawn ids must not be those of these entries
        taken_back = [entry["of"] for entry in entries if entry["kind"] == "reversal"]
        self.log.extend(("reversed", entry_id) for entry_id in taken_back)
        self.books.reversed.update(taken_back)

    def verify(self, ids):
        self.log.extend(("verified", entry_id) for entry_id in ids)

    # ---- state as of a position
    def entries(self, position=None):
        """Return the entries recorded by a position, with whether they were verified."""
        found = {}
        for what, about in self.log[:position]:
            if what == "recorded":
                found[about["id"]] = {**about, "_verified": False}
            elif what == "verified":
                found[about]["_verified"] = True
        return list(found.values())

    def objections(self, position=None):
        """Return the objections raised by a position and not decided by then."""
        found = {}
        for what, about in self.log[:position]:
            if what == "objected":
                found[about["id"]] = about
            elif what == "decided":
                del found[about]
        return list(found.values())

    def is_within_reversal(self, position):
        """Return whether a position lies between a reversal and its `reversed`."""
        log = self.log[:position]
        kinds = [about["kind"] for what, about in log if what == "recorded"]
        return kinds.count("reversal") != [what for what, _ in log].count("reversed")

    def scores(self, year, through, position=None, *, provisional=False):
        """Return the units of `score` by id, in order of rank; see `comparable`."""
        entries = self.entries(position)
        view = View(entries, year, through, provisional)
        units = []
        for unit in self._score(entries, position, year, through, provisional=provisional):
            objected = [
                point
                for objection in self.objections(position)
                if view.first_id(objection["unit"]) == unit["unit"]
                for point in _open_points(objection, view)
            ]
            units.append({**unit, "open": unit["open"] + objected})
        return comparable(units)

    def _score(self, entries, position, year, through, *, provisional):
        """Have the oracle score entries, once for all positions with the same entries."""
        changes = sum(what in {"recorded", "verified"} for what, _ in self.log[:position])
        key = changes, year, through, provisional
        if key not in self._scored:
            self._scored[key] = score(entries, year, through, provisional=provisional)["units"]
        return self._scored[key]

    def root(self, entry_id):
        """Return the first entry of the chain of corrections that an entry is in."""
        return self.books.root[entry_id]

    # ---- what the next step may do
    def reversible(self):
        """Return the entries that may be taken back."""
        reversed_ = self.books.reversed
        return [
            entry
            for entry in self.books.entries
            if entry["kind"] != "reversal" and entry["id"] not in reversed_
        ]

    def unverified(self):
        return [entry["id"] for entry in self.entries() if not entry["_verified"]]

    def returned(self):
        return {about for what, about in self.log if what == "returned"}

    def held_up(self):
        """Return the unverified entries that are verified by name alone.

        They were sent back, or take back what an entry replaces that was sent back.
        """
        entries = {one["id"]: one for one in self.entries()}
        waiting = {one for one in self.returned() if not entries[one]["_verified"]}
        replaced = {entries[one].get("replaces") for one in waiting - self.books.reversed}
        return waiting | {
            one["id"] for one in entries.values() if one.get("of") in replaced - {None}
        }

    def new_entry(self, kind, random):
        """Draw an entry of a kind, or None where there can be none now."""
        books = self.books
        books.r = random
        books.keys = {books.key(one): one["id"] for one in self.reversible()}
        fields = getattr(books, f"c_{kind}")()
        if fields is None:
            return None
        entry = {"kind": kind, "id": books.new_id(kind), **fields}
        return None if books.key(entry) in books.keys and kind in UNIQUE_KINDS else entry

    def corrected(self, entry, random):
        """Return an entry's content with some fields changed at random."""
        self.books.r = random
        new = {
            name: value
            for name, value in entry.items()
            if name not in {"replaces", "_verified", "note"}
        }
        self.books.alter(new)
        return new

    def would_count_twice(self, *verified):
        """Return whether verifying entries makes two count of which only one may.

        That is so where the reversal of the first awaits verification. The documents leave open
        which of the two counts then, so such steps are left out.
        """
        entries = self.entries()
        for number in range(1, len(verified) + 1):
            believed = {one["id"] for one in entries if one["_verified"]} | set(verified[:number])
            taken_back = {
                one["of"] for one in entries if one["kind"] == "reversal" and one["id"] in believed
            }
            keys = [
                self.books.key(one) or self.root(one["id"])
                for one in entries
                if one["kind"] in UNIQUE_KINDS | {"unit"}
                and one["id"] in believed
                and one["id"] not in taken_back
            ]
            if len(keys) != len(set(keys)):
                return True
        return False


def _open_points(objection, view):
    """Yield the open point of an objection, if its subject concerns the year."""
    if objection["entry"] is None:
        in_view, clause = objection["period"].startswith(str(view.year)), objection["clause"]
    else:
        entry = view.by_id[objection["entry"]]
        in_view = concerns_year(view, entry)
        clause = CLAUSE_OF.get(entry["kind"]) or f"inspection-{entry['item']}"
    if in_view:
        yield {"kind": "objection", "entry": objection["id"], "clause": clause}


def comparable(units):
    """Return units by id, with open points as sets and without published figures."""
    return {
        unit["unit"]: {
            **unit,
            "periods": [
                {name: value for name, value in period.items() if name != "published"}
                for period in unit["periods"]
            ],
            "open": {tuple(point.values()) for point in unit["open"]},
        }
        for unit in units
    }
