"""The state of a random ledger while it is generated, and random dates."""

from __future__ import annotations

import calendar
import datetime as dt
import random

LEVELS = ["national", "province", "city", "district", "town"]
ISSUERS = ["national", "province", "city", "district", "joint_conference"]
HEADCOUNTS = [1, 4, 5, 6, 10, 11, 29, 30, 31, 49, 50, 51, 200]
STAYS = [None, 0, 59, 60, 61, 239, 240, 241]
TZ = dt.timezone(dt.timedelta(hours=8))
RULINGS = {
    "late_until": ["arrived", "month_end", "quarter_end", "always"],
    "case_report_until": ["any", "month_end_after", "quarter_end", "month"],
    "information_by": ["parties", "liable"],
    "information_valid": ["since_last_batch", "ever", "1", "7", "30"],
    "information_leader": ["with_or_ahead", "in_time"],
    "key_person_excused": ["false", "true"],
    "key_person_stacks": ["false", "true"],
    "petition_scope": ["abnormal", "all"],
    "thirty_people": ["11-30", "31+"],
    "repeat_levels": ["city,district,town", "all"],
    "town_6_10": ["prompt", "all"],
    "combine": ["multiply", "add"],
    "overstay_factor": ["none", "1.5", "2", "1.25"],
    "disqualify_scope": ["abnormal", "all"],
    "fifty_people": ["included", "excluded"],
    "collective_from": ["5", "6", "2"],
    "special_period_per": ["period", "quarter", "year"],
    "research_site_per": ["each", "year"],
    "resolution_rate_over": ["quarter", "year", "level"],
    "veto_rank": ["keep", "last"],
    "quarter_order": ["with_rewards", "score", "none"],
}
GRADED = {
    "1.1": 2,
    "1.3": 2,
    "2.1": 2,
    "2.2": 2,
    "2.3": 2,
    "2.4": 2,
    "2.5": 2,
    "5.1": 3,
    "5.2": 3,
}  # the most points of an item, in halves of a point
COUNTED = {"1.2": 4, "3": 9, "4": 9, "6": 9}  # the most that may be missing of an item
EITHER = {"3": 6, "4": 6, "6": 6}  # counted items that may be graded too, in halves of a point
PREFIX = {
    "unit": "V",
    "special_period": "SP",
    "notice": "N",
    "ruling": "RU",
    "screening_report": "SR",
    "case_report": "CR",
    "information_report": "IR",
    "petition_batch": "B",
    "on_site_response": "OR",
    "commendation": "CO",
    "research_site": "RS",
    "supervised_case": "SC",
    "case_resolution": "CS",
    "criticism": "CT",
    "yellow_card": "YC",
    "inspection_finding": "IF",
    "carried_quarter": "CQ",
    "reversal": "X",
}


def month_end(y, m):
    return dt.date(y, m, calendar.monthrange(y, m)[1])


def day(s):
    return dt.date.fromisoformat(s)


ONE = dt.timedelta(days=1)


class Books:
    """The entries so far, in an order of recording, and what keeps them valid.

    Attributes:
        r: the generator of random numbers.
        entries: the entries; `by_id` finds them by id.
        root: by id, the first entry of its chain of corrections.
        current: by the first entry of a chain, the id of the last.
        count: how many ids were given out.
        reversed: ids of the entries that were taken back, whether the reversal is verified or not.
        pending: ids of replacements in whose chain a reversal awaits verification.
        keys: by `Gen.key`, the id of the entry that alone may count for it.
    """

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.entries, self.by_id, self.root, self.current = [], {}, {}, {}
        self.count = 0
        self.reversed, self.pending, self.keys = set(), set(), {}

    def new_id(self, kind):
        self.count += 1
        return f"{PREFIX[kind]}-{self.count:06d}"

    def add(self, e, verified=None, replaces=None):
        """Append an entry, verified at random unless that is given; return its id."""
        if verified is None:
            verified = self.r.random() < 0.88
        if replaces:
            e["replaces"] = replaces
        if e["kind"] != "unit" and self.r.random() < 0.05:
            e["note"] = "备注"
        e["_verified"] = verified
        self.entries.append(e)
        self.by_id[e["id"]] = e
        root = self.root[replaces] if replaces else e["id"]
        self.root[e["id"]] = root
        self.current[root] = e["id"]
        return e["id"]

    def cur(self, i):
        """Return the id of the last replacement of an entry."""
        return self.current[self.root[i]]

    def live(self, kind):
        """Return the entries of a kind that were not taken back."""
        return [e for e in self.entries if e["kind"] == kind and e["id"] not in self.reversed]

    def is_outside(self, u):
        return self.by_id[u]["type"] == "outside"

    def unit(self):
        """Return the id of a random unit that the town assesses."""
        return self.r.choice(self.assessed())

    def assessed(self):
        """Return the ids of the units that the town assesses."""
        return sorted(e["id"] for e in self.live("unit") if not self.is_outside(e["id"]))

    def party(self):
        """Return the id of a random unit, now and then one outside the town."""
        us = sorted(e["id"] for e in self.live("unit") if self.is_outside(e["id"]))
        return self.r.choice(us) if us and self.r.random() < 0.12 else self.unit()

    def other(self, u):
        """Return the id of a random unit other than one, outside units included, or None."""
        us = sorted(e["id"] for e in self.live("unit") if e["id"] != self.cur(u))
        return self.r.choice(us) if us else None

    def year(self):
        return self.r.choices([2015, 2016, 2017], [1, 8, 1])[0]

    def month(self):
        """Return (calendar year, month) in a random assessment year."""
        y, m = self.year(), self.r.randint(1, 12)
        return (y - 1, 12) if m == 12 else (y, m)

    def date(self):
        """Return a random date, often at the edge of a month, quarter, year or period."""
        r, (y, m) = self.r, self.month()
        c = r.random()
        if c < 0.2:
            return month_end(y, m)
        if c < 0.3:
            return dt.date(y, m, 1)
        if c < 0.45:
            ay = self.year()
            return r.choice(
                [
                    dt.date(ay - 1, 11, 30),
                    dt.date(ay - 1, 12, 1),
                    month_end(ay, 2),
                    dt.date(ay, 3, 1),
                    dt.date(ay, 5, 31),
                    dt.date(ay, 6, 1),
                    dt.date(ay, 8, 31),
                    dt.date(ay, 9, 1),
                    dt.date(ay, 11, 30),
                    dt.date(ay, 12, 1),
                ]
            )
        if c < 0.6 and self.live("special_period"):
            p = r.choice(self.live("special_period"))
            return day(r.choice([p["starts_on"], p["ends_on"]])) + r.choice([-1, 0, 0, 1]) * ONE
        return dt.date(y, m, r.randint(1, calendar.monthrange(y, m)[1]))

    def stamp(self, t):
        """Return a local naive datetime as ISO text, mostly without an offset."""
        c = self.r.random()
        if c < 0.7:
            return t.isoformat()
        t = t.replace(tzinfo=TZ)
        return (
            t.isoformat() if c < 0.85 else t.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        )

    def local(self, s):
        """Return ISO text as a naive datetime in UTC+08:00."""
        t = dt.datetime.fromisoformat(s)
        return t if t.tzinfo is None else t.astimezone(TZ).replace(tzinfo=None)

    def time(self):
        """Return a random date and time of day as a naive datetime."""
        return dt.datetime.combine(
            self.date(),
            self.r.choice(
                [
                    dt.time(0, 0),
                    dt.time(7, 59, 59),
                    dt.time(8, 0),
                    dt.time(9, 30),
                    dt.time(16, 0),
                    dt.time(23, 59, 59),
                ]
            ),
        )

    def around(self, due):
        """Return a random date near a due date or the end of the time for being late."""
        after = month_end((due + ONE).year, (due + ONE).month)
        q = {1: 2, 2: 2, 3: 5, 4: 5, 5: 5, 6: 8, 7: 8, 8: 8, 9: 11, 10: 11, 11: 11, 12: 2}[
            due.month
        ]
        qe = month_end(due.year + (due.month == 12), q)
        return self.r.choice(
            [
                due - 10 * ONE,
                due - ONE,
                due,
                due,
                due,
                due + ONE,
                due + ONE,
                due + 5 * ONE,
                after - ONE,
                after,
                after + ONE,
                qe,
                qe + ONE,
            ]
        )
