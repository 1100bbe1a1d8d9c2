"""A ledger at the close of a day: which entries count, and what they refer to.

"AMBIGUOUS" marks each place where the documents leave a question open, with the answer chosen.
"""

from __future__ import annotations

from decimal import Decimal

from tests.oracle.dates import batch_day, day, instant, quarter_days, quarter_of, year_days

__all__ = ["READINGS", "ZERO", "View", "instant", "plain"]

ZERO = Decimal(0)

READINGS = {
    "late_until": "arrived",
    "case_report_until": "any",
    "information_by": "parties",
    "information_valid": "since_last_batch",
    "information_leader": "with_or_ahead",
    "key_person_excused": "false",
    "key_person_stacks": "false",
    "petition_scope": "abnormal",
    "thirty_people": "11-30",
    "repeat_levels": "city,district,town",
    "town_6_10": "prompt",
    "combine": "multiply",
    "overstay_factor": "none",
    "disqualify_scope": "abnormal",
    "fifty_people": "included",
    "collective_from": "5",
    "special_period_per": "period",
    "research_site_per": "each",
    "resolution_rate_over": "quarter",
    "veto_rank": "keep",
    "quarter_order": "with_rewards",
}


def plain(x):
    """Return a decimal as text without an exponent or trailing zeros."""
    s = format(x, "f")
    if "." in s:
        s = s.rstrip("0").rstrip(".")
    return "0" if s in ("-0", "") else s


class View:
    """The entries that count (四.4) at the close of day T, and their references.

    A unit is named by the id of its entry that counts; `first_id` is what people read.
    """

    def __init__(self, entries, year, through, provisional):
        self.year, self.T, self.provisional = year, day(through), provisional
        self.all = entries
        self.by_id = {e["id"]: e for e in entries}
        self.taken_back = {e["of"] for e in entries if e["kind"] == "reversal" and self.believed(e)}
        # An entry counts once verified and until a verified reversal takes it back.
        self.entries = [
            e
            for e in entries
            if e["kind"] != "reversal" and self.believed(e) and e["id"] not in self.taken_back
        ]
        self.counting = {e["id"] for e in self.entries}
        # AMBIGUOUS: if two entries replace the same one, the later is followed.
        self.replacement = {e["replaces"]: e["id"] for e in entries if e.get("replaces")}
        self.readings = dict(READINGS)
        for e in self.of_kind("ruling"):
            if e["year"] == year:
                self.readings[e["reading"]] = str(e["value"])
        # AMBIGUOUS: a unit that is not assessed on any day of the year is not in its scores.
        self.units = [
            e["id"]
            for e in self.of_kind("unit")
            if e["type"] != "outside" and self.assessed_within(e["id"], *year_days(year))
        ]

    def believed(self, e):
        """Return whether an entry is verified; in the provisional view all are."""
        return self.provisional or e["_verified"]

    def of_kind(self, kind):
        return [e for e in self.entries if e["kind"] == kind]

    def of_unit(self, kind, unit):
        return [e for e in self.of_kind(kind) if self.ref(e["unit"]) == unit]

    def ref(self, i):
        """Return the id of the entry to which a reference points.

        AMBIGUOUS: that is the entry referred to as long as it counts; otherwise its chain of
        replacements is followed until one counts or the chain ends.
        """
        seen = set()
        while i not in self.counting and i in self.replacement and i not in seen:
            seen.add(i)
            i = self.replacement[i]
        return i

    def first_id(self, i):
        """Return the first id of a corrected entry: a unit renamed stays V002.

        AMBIGUOUS: so is the `unit` of the scores. An open point names the very entry, as what is
        to be verified is a certain entry.
        """
        while self.by_id[i].get("replaces"):
            i = self.by_id[i]["replaces"]
        return i

    # ---- when a unit is assessed
    def assessed_within(self, unit, first, last):
        """Return whether a unit is assessed on a day of a span, bounds included."""
        e = self.by_id[unit]
        start, end = e.get("assessed_from"), e.get("assessed_until")
        return (not start or day(start) <= last) and (not end or first <= day(end))

    def concerns(self, unit, d):
        """Return whether what is dated on a day is a unit's concern."""
        return self.assessed_within(unit, d, d)

    def has_quarter(self, unit, q):
        """Return whether a quarter has begun by T and is in a unit's total."""
        first, last = quarter_days(self.year, q)
        return first <= self.T and self.assessed_within(unit, first, last)

    def carried(self, unit, q):
        """Return a unit's carried quarter, or None."""
        # AMBIGUOUS: it holds from the quarter's first day on, as any quarter is scored.
        found = [
            e for e in self.of_unit("carried_quarter", unit) if e["period"] == f"{self.year}Q{q}"
        ]
        return found[-1] if found else None

    def year_closes(self, unit):
        """Return whether the year has ended by T and its end is a unit's concern.

        AMBIGUOUS: the inspection and the no-collective bonus are dated on the year's last day.
        """
        last = year_days(self.year)[1]
        return last <= self.T and self.concerns(unit, last)

    # ---- batches
    def is_collective(self, b):
        return b["headcount"] >= int(self.readings["collective_from"])

    def batches(self):
        """Return the batches that have happened by T, in any year."""
        return [b for b in self.of_kind("petition_batch") if batch_day(b) <= self.T]

    def batches_against(self, unit):
        """Return the batches that a unit is liable for and that are its concern, of any year."""
        return [
            b
            for b in self.batches()
            if self.liable(b) == unit and self.concerns(unit, batch_day(b))
        ]

    def liable(self, b):
        """Return the unit that is liable for a batch."""
        return self.ref(b["unit"])

    def host(self, b):
        """Return the host unit of a batch, or None."""
        return self.ref(b["host_unit"]) if b.get("host_unit") else None

    def response(self, b, unit):
        """Return a unit's response to a batch, or None."""
        found = [
            r for r in self.of_unit("on_site_response", unit) if self.ref(r["batch"]) == b["id"]
        ]
        # AMBIGUOUS: of several responses for one batch and unit the last is taken.
        return found[-1] if found else None

    # ---- spans of time
    def is_in(self, d, q):
        """Return whether a day is by T and in a quarter of the year."""
        return d <= self.T and quarter_of(d) == (self.year, q)

    def is_in_year(self, d):
        return d <= self.T and quarter_of(d)[0] == self.year

    def dated(self, kind, field, unit):
        """Return (quarter, entry) of a unit's entries of a kind in the year, by T, by their day."""
        found = [
            (day(e[field]), e)
            for e in self.of_unit(kind, unit)
            if self.is_in_year(day(e[field])) and self.concerns(unit, day(e[field]))
        ]
        return [(quarter_of(d)[1], e) for d, e in sorted(found, key=lambda one: one[0])]
