"""Random contents of entries of each kind, often near the measure's thresholds."""

from __future__ import annotations

import datetime as dt

from tests.oracle.books import (
    COUNTED,
    EITHER,
    GRADED,
    HEADCOUNTS,
    ISSUERS,
    LEVELS,
    ONE,
    RULINGS,
    STAYS,
    Books,
    day,
    month_end,
)


class Contents(Books):
    """A method `c_…` for each kind: it returns the fields after `kind` and `id`.

    It returns None where no entry of the kind can be recorded next.
    """

    def c_special_period(self):
        r = self.r
        a, b = r.choice(
            [
                ("2016-02-25", "2016-03-16"),
                ("2015-11-25", "2015-12-05"),
                ("2016-11-28", "2016-12-03"),
                ("2016-05-31", "2016-05-31"),
                ("2016-08-20", "2016-09-05"),
                ("2016-11-01", "2016-11-30"),
                ("2015-12-01", "2016-02-29"),
                ("2015-11-30", "2016-11-30"),
                None,
                None,
            ]
        ) or (None, None)
        if a is None:
            s = self.date()
            a, b = s.isoformat(), (s + r.choice([0, 1, 7, 30]) * ONE).isoformat()
        return {"level": r.choice(LEVELS[:4]), "starts_on": a, "ends_on": b}

    def c_notice(self):
        r = self.r
        y, m = self.month()
        due = r.choice(
            [
                month_end(y, m),
                dt.date(y, m, 1),
                dt.date(y, m, 15),
                self.date(),
                month_end(y, m) - ONE,
            ]
        )
        e = {"title": "节日排查通知", "due_on": due.isoformat()}
        if r.random() < 0.6:
            us = self.assessed()
            e["units"] = sorted(r.sample(us, r.randint(1, min(3, len(us)))))
        return e

    def c_screening_report(self):
        r = self.r
        e = {"unit": self.unit()}
        ns = self.live("notice")
        if ns and r.random() < 0.45:
            n = r.choice(ns)
            if n.get("units") and r.random() < 0.85:
                e["unit"] = self.cur(r.choice(n["units"]))
            e["notice"], due = n["id"], day(n["due_on"])
        else:
            y, m = self.month()
            e["month"], due = f"{y}-{m:02d}", month_end(y, m)
        e["submitted_on"] = self.around(due).isoformat()
        return e

    def c_case_report(self):
        y, m = self.month()
        return {
            "unit": self.unit(),
            "month": f"{y}-{m:02d}",
            "cases": self.r.choice([0, 1, 1, 2, 2, 2, 3, 5]),
            "submitted_on": self.around(month_end(y, m)).isoformat(),
        }

    def matter(self):
        return f"M-{self.r.randint(1, 25):04d}"

    def c_information_report(self):
        r = self.r
        bs = self.live("petition_batch")
        if bs and r.random() < 0.85:
            b = r.choice(bs)
            t = self.local(b["occurred_at"]) + r.choice(
                [
                    dt.timedelta(0),
                    dt.timedelta(seconds=-1),
                    dt.timedelta(seconds=1),
                    dt.timedelta(hours=-5),
                    dt.timedelta(days=-1),
                    dt.timedelta(days=-7),
                    dt.timedelta(days=-7, seconds=-1),
                    dt.timedelta(days=-30),
                    dt.timedelta(days=-31),
                    dt.timedelta(days=-200),
                    dt.timedelta(days=2),
                ]
            )
            c = r.random()
            unit = self.cur(b["unit"] if c < 0.6 else b.get("host_unit") or self.unit())
            if self.is_outside(unit):
                unit = self.unit()
            matters = [b["matter"]] + [self.matter() for _ in range(r.choice([0, 0, 1]))]
        else:
            unit, t, matters = self.unit(), self.time(), [self.matter()]
        e = {
            "unit": unit,
            "urgency": r.choice(["early_warning", "urgent"]),
            "matters": list(dict.fromkeys(matters)),
            "submitted_at": self.stamp(t),
        }
        if r.random() < 0.25:
            e["as_required"] = r.random() < 0.4
        return e

    def c_petition_batch(self):
        r = self.r
        e = {
            "unit": self.party(),
            "matter": self.matter(),
            "level": r.choice(LEVELS),
            "headcount": r.choice(HEADCOUNTS),
            "occurred_at": self.stamp(self.time()),
            "abnormal": r.random() < 0.65,
        }
        if r.random() < 0.3:
            h = self.other(e["unit"])
            if h:
                e["host_unit"] = h
        if r.random() < 0.5:
            e["repeated"] = r.random() < 0.6
        if r.random() < 0.35:
            e["key_person"] = r.random() < 0.6
        if r.random() < 0.3:
            e.update(self.shape())
        stay = r.choice(STAYS)
        if stay is not None and r.random() < 0.35:
            e["stay_minutes"] = stay
        if r.random() < 0.2:
            e["basis"] = "在非指定场所聚集" if e["abnormal"] else "到接待场所依法反映"
        return e

    def shape(self):
        """Return fields of an abnormal batch on which a reading may decide."""
        r = self.r
        e = r.choice(
            [
                {"level": "national", "headcount": r.choice([1, 4]), "key_person": True},
                {"level": "town", "headcount": r.choice([6, 10])},
                {"level": r.choice(LEVELS[2:4]), "headcount": r.choice([5, 30]), "repeated": True},
            ]
        )
        return {**e, "abnormal": True}

    def answer(self):
        """Return how a unit responded to a batch: arrival, effect and stay."""
        r = self.r
        e = {"arrival": r.choice(["ahead", "with", "prompt", "prompt", "late", "absent"])}
        if r.random() < 0.8:
            e["effective"] = e["arrival"] != "absent" and r.random() < 0.75
        s = r.choice([*STAYS, 60, 241])
        if s is not None:
            e["stay_minutes"] = s
        return e

    def c_on_site_response(self):
        bs = self.live("petition_batch")
        for _ in range(8):
            if not bs:
                return None
            b = self.r.choice(bs)
            u = b["unit"] if not b.get("host_unit") or self.r.random() < 0.55 else b["host_unit"]
            if ("or", self.root[b["id"]], self.root[u]) not in self.keys:
                return {"unit": self.cur(u), "batch": b["id"], **self.answer()}
        return None

    def c_commendation(self):
        return {
            "unit": self.unit(),
            "level": self.r.choice(LEVELS[:4]),
            "issued_on": self.date().isoformat(),
        }

    def c_research_site(self):
        return {
            "unit": self.unit(),
            "level": self.r.choice(LEVELS[:3]),
            "held_on": self.date().isoformat(),
        }

    def c_supervised_case(self):
        r = self.r
        cs = self.live("supervised_case")
        u = self.cur(r.choice(cs)["unit"]) if cs and r.random() < 0.5 else self.unit()
        return {"unit": u, "level": r.choice(LEVELS), "due_on": self.date().isoformat()}

    def c_case_resolution(self):
        cs = self.live("supervised_case")
        if not cs:
            return None
        done = {self.root[e["case"]] for e in self.live("case_resolution")}
        fresh = [c for c in cs if self.root[c["id"]] not in done]
        c = self.r.choice(fresh if fresh and self.r.random() < 0.85 else cs)
        d = day(c["due_on"]) + self.r.choice([-20, -1, -1, 0, 0, 0, 1]) * ONE
        return {"unit": self.cur(c["unit"]), "case": c["id"], "resolved_on": d.isoformat()}

    def c_criticism(self):
        return {
            "unit": self.unit(),
            "issuer": self.r.choice(ISSUERS),
            "issued_on": self.date().isoformat(),
        }

    def c_yellow_card(self):
        return {"unit": self.unit(), "issued_on": self.date().isoformat()}

    def quarters_of_a_point(self, halves):
        """Return random points of at most so many halves of a point."""
        return f"{self.r.randint(0, halves * 2) * 0.25:g}"

    def grade(self, item):
        """Return the finding on an inspection item: points, or how many are missing."""
        if item in GRADED:
            return {"points": self.quarters_of_a_point(GRADED[item])}
        if item in EITHER and self.r.random() < 0.4:
            return {"points": self.quarters_of_a_point(EITHER[item])}
        return {"missing": self.r.randint(0, COUNTED[item])}

    def c_inspection_finding(self):
        item = self.r.choice(list(GRADED) + list(COUNTED))
        return {"unit": self.unit(), "year": self.year(), "item": item, **self.grade(item)}

    def c_carried_quarter(self):
        period = f"{self.year()}Q{self.r.choice([1, 1, 1, 2, 3, 4])}"
        return {
            "unit": self.unit(),
            "period": period,
            "sections": self.sections(),
            "basis": "季度通报",
        }

    def sections(self):
        """Return published figures of a quarter, now and then with rewards and penalties."""
        r = self.r
        e = {
            "basic_work": r.choice(["8", "7.5", "0", "-3.5", "6"]),
            "abnormal_petitions": r.choice(["12", "9.6", "0", "-11.45", "10.8"]),
        }
        if r.random() < 0.3:
            e["rewards"] = r.choice(["0", "1.5", "3"])
        if r.random() < 0.3:
            e["penalties"] = r.choice(["0", "2", "3"])
        return e

    def span(self):
        """Return when a unit is assessed: from a day, until a day, both, or neither."""
        r, e = self.r, {}
        if r.random() < 0.2:
            e["assessed_from"] = r.choice(["2015-12-01", "2016-02-29", "2016-03-01", "2016-04-10"])
        if r.random() < 0.2:
            e["assessed_until"] = r.choice(["2016-08-31", "2016-09-01", "2016-11-29", "2016-11-30"])
        if r.random() < 0.03:
            e = {"assessed_from": r.choice(["2016-11-30", "2016-12-01", "2017-03-15"])}
        return e

    def c_unit(self, number):
        r = self.r
        e = {
            "name": f"样例{number}号",
            "type": r.choice(["village", "farm", "community"]),
            **self.span(),
        }
        if r.random() < 0.3:
            e["group"] = r.choice(["甲片", "乙片"])
        return e

    def c_ruling(self):
        k = self.r.choice(list(RULINGS))
        return {
            "year": self.year(),
            "reading": k,
            "value": self.r.choice(RULINGS[k]),
            "basis": "办公室会议决定",
        }
