"""The words of one measure: its flags, sections, groups, bands, amounts, and unit of score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct

from ledger.decimals import plain
from ledger.kinds import Kinds
from ledger.message import Message, Series
from ledger.vocabulary import OUTSIDE
from projections.kinds import cases_of
from projections.measure.model import ByReading, is_range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.language.translating import Translator
    from ledger.entries.base import Field
    from projections.adopted import Measures
    from projections.facts import TownYear
    from projections.measure import Amount, Clause, Measure
    from projections.measure.head import Band
    from projections.measure.model import Condition
    from projections.scores import UnitScore

STATES = {
    "due": {
        "late": Message("handed in late"),
        "missing": Message("not handed in"),
        "in": Message("handed in"),
    },
    "milestone": {"late": Message("done late"), "missing": Message("not done")},
}
"""States of what a unit owes, by kind of clause."""


_OF = {
    ("all_done", "done"): Message("all done in time"),
    ("all_done", "not_done"): Message("not all done in time"),
    ("milestone", "done"): Message("done in time"),
    ("milestone", "late"): Message("not done in time"),
}
"""Words for the `of` of amounts, by kind of clause and name, where other kinds have others."""

_OWN_NAMES = {"flag", "occurrence", "warned"}
"""Kinds of clauses in which the measure itself names what amounts are of."""

_TIMES = {
    "days_late": Message("days late"),
    "months_late": Message("months late"),
    "points_below": Message("percentage points below"),
    "points_begun": Message("percentage points below, begun ones too"),
}
"""Numbers that a kind of clause offers to multiply points by."""


class AmountRow(NamedTuple):
    """An amount of the measure, with the words that state it."""

    of: str
    case: str
    condition: str
    """The readings under which it is stated, and the days from and until which."""
    is_stated: bool
    """True if the amount is stated under the readings in force."""
    states: str
    citation: str
    quote: str
    """The words of the text; empty where the measure has them in other words alone."""
    paraphrase: str


class MeasureWords(Struct, frozen=True):
    """Translate codes into the words of a measure in one language, else those of the program."""

    measure: Measure
    kinds: Kinds
    translate: Translator

    @classmethod
    def of(cls, measure: Measure, translate: Translator) -> MeasureWords:
        """Return the words of a measure that no ledger need have adopted."""
        return cls(measure, Kinds.of(measure), translate)

    @property
    def unit_of_score(self) -> str:
        """Return what the measure counts in: points, yuan."""
        return self.translate.bilingual(self.measure.source.counted_in)

    def term(self, code: str) -> str:
        """Return the words for a code: those of the measure, else the program's own."""
        for known in (self.measure.sections, self.measure.flags):
            if code in known:
                return self.translate.bilingual(known[code].title)
        return self.translate.term(code)

    def unit_type(self, code: str) -> str:
        """Return the words for a type of units."""
        titles = {one.value: one.title for one in self.measure.units.type}
        if code == OUTSIDE:
            own = self.measure.coded()["unit", "type"][OUTSIDE]
            return self.translate(own or Message("outside party, not assessed"))
        return self.translate.bilingual(titles[code]) if code in titles else self.term(code)

    def group(self, code: str | None) -> str:
        """Return the words for a group of units, or of visitors; empty for none."""
        measure = self.measure
        groups = [*measure.units.group, *(measure.batches.group if measure.batches else ())]
        titles = {one.value: one.title for one in groups}
        return self.translate.bilingual(titles[code]) if code in titles else code or ""

    def within(self, score: UnitScore, by: Literal["group", "type"]) -> str:
        """Return the words for the group, or the type, of a unit."""
        return self.unit_type(score.type) if by == "type" else self.group(score.group)

    def band(self, name: str | None, *, closed: bool = True) -> str:
        """Return the words for a band of totals; empty for none.

        Args:
            name: of the band.
            closed: whether the year is over; before, a total lies in the band so far.
        """
        titles = {one.name: one.title for one in self.measure.bands}
        title = self.translate.bilingual(titles[name]) if name in titles else ""
        return title if closed or not title else self.translate("{band} (so far)", band=title)

    def bands(self) -> Iterator[tuple[Band, str]]:
        """Yield the bands with their bounds in words, the best first: ≥ 90; the last: < 60."""
        above = ""
        for band in sorted(self.measure.bands, key=lambda one: one.bound, reverse=True):
            least = "" if band.least is None else plain(band.least)
            yield band, f"≥ {least}" if least else f"< {above}" if above else ""
            above = least

    def amount(self, amount: Amount, clause: Clause, town: TownYear) -> AmountRow:
        """Return an amount of a clause in words."""
        translate = self.translate
        # Readings and their values by the names that a ruling gives them.
        conditions = [
            f"{name} {value if isinstance(value, str) else '/'.join(value)}"
            for name, value in amount.condition.items()
        ]
        if amount.since is not None:
            conditions.append(translate("from {day}", day=amount.since))
        if amount.until is not None:
            conditions.append(translate("until {day}", day=amount.until))
        cases = (self.case(name, one, clause, amount.of) for name, one in amount.when.items())
        return AmountRow(
            self._of(amount, clause),
            translate(Series(cases)),
            translate(Series(conditions)),
            amount.is_stated(town.readings),
            self._states(amount, clause),
            amount.citation,
            amount.quote or "",
            amount.paraphrase or "",
        )

    def _of(self, amount: Amount, clause: Clause) -> str:
        """Return what an amount is of; of a clause's entries by the title of their kind.

        The name itself is free, and in one language alone: Chinese text shows it where nothing
        else is known.
        """
        if clause.kind not in _OWN_NAMES:
            return self.translate(_OF.get((clause.kind, amount.of)) or Message(amount.of))
        named = self.translate.term(amount.of)
        if self.translate.language == "en" or named != amount.of:
            return named
        if amount.words is not None:
            return amount.words.zh
        # A factor is named after the kind by whose fields it is chosen, as a response.
        chosen_by = (self._declared(name, clause, amount.of) for name in amount.when)
        kind = next((found[0] for found in chosen_by if found), clause.parameters.entry)
        return self.translate.kind(self.kinds, kind)

    def case(self, name: str, value: Condition, clause: Clause, of: str) -> str:
        """Return one condition of an amount's case: level province/city, headcount 6-10."""
        found = self._declared(name, clause, of)
        values = value if isinstance(value, list) else [value]
        if found is None and name == "state" and clause.kind in STATES:
            words = "/".join(self.translate(STATES[clause.kind][str(one)]) for one in values)
        else:
            field = None if found is None else found[1]
            words = "/".join(self._value(name, one, field) for one in values)
        return words if name == of else f"{self.name(name, clause, of)} {words}"

    def _value(self, name: str, value: object, field: Field | None) -> str:
        if isinstance(value, str) and is_range(value) and value.endswith("-"):
            return self._at_least(name, value.removesuffix("-"))
        if isinstance(value, str) and field is not None and field.form == "choice":
            return self.translate.choice(field, value)
        if isinstance(value, str) and name == "group":
            return self.group(value)
        return self.translate.term(value)

    def _at_least(self, name: str, number: str) -> str:
        """Return an open range in words, with the unit of its field."""
        if name == "headcount":
            return self.translate("{number} people or more", number=number)
        if name == "stay_minutes":
            return self.translate("{number} minutes or more", number=number)
        return self.translate("{number} or more", number=number)

    def _declared(self, name: str, clause: Clause, of: str) -> tuple[str, Field] | None:
        """Return the kind and the field that a name means in an amount of a clause.

        First come the entries by whose fields the amount is chosen, then others that it reads.
        """
        for kind in (*cases_of(clause, of), *sorted(self.measure.reads(clause.slug))):
            if kind in self.kinds and name in self.kinds.fields(kind):
                return kind, self.kinds.fields(kind)[name]
        return None

    def name(self, name: str, clause: Clause, of: str) -> str:
        """Return the title of a field that a clause reads, or the word for another name."""
        found = self._declared(name, clause, of)
        total = getattr(clause.parameters, "total", None)
        if found is None and name == "total" and total is not None:
            return self.translate("{field} in the year", field=self.name(total, clause, of))
        if found is None:
            return self.translate(_TIMES[name]) if name in _TIMES else self.translate.term(name)
        return self.translate.field(self.kinds, found[0], name)

    def _states(self, amount: Amount, clause: Clause) -> str:
        """Return what an amount states: −3 points, with what it is multiplied by; or a flag."""
        (quantity,) = amount.stated()
        value = getattr(amount, quantity)
        if isinstance(value, str):
            return self.term(value)
        unit = self.unit_of_score if quantity == "points" else Message(quantity)
        if isinstance(value, ByReading):
            return self.translate("{measure} by {reading}", measure=unit, reading=value.reading)
        shown = self.translate("{number} {measure}", number=str(value), measure=unit)
        if quantity == "percent":
            shown = f"{value} %"
        elif quantity == "count" and self.translate.language == "en":
            shown = str(value)
        if amount.times is None:
            return shown
        return f"{shown} × {self.name(amount.times, clause, amount.of)}"


def posting_name(subject: str, measures: Measures, translate: Translator) -> str:
    """Return the words of a posting that is objected to; the id of an entry unchanged.

    2016Q2:screening becomes 2016Q2 三（一）1（1） 矛盾纠纷排查.

    Raises:
        NoMeasureError: its year has no measure.
    """
    period, colon, slug = subject.partition(":")
    clauses = measures.of(int(period[:4]), provisional=True).measure.clauses if colon else {}
    if slug not in clauses:
        return subject
    clause = clauses[slug]
    return f"{period} {clause.citation} {translate.bilingual(clause.title)}"
