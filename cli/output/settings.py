"""Put the parameters of clauses, sections and rankings into words, amounts apart."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from msgspec.structs import fields

from cli.output.measure_keys import key_message, value_message
from ledger.decimals import plain
from ledger.message import Message, Series
from projections.measure.model import ByReading, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cli.output.measure_words import MeasureWords
    from projections.facts import TownYear
    from projections.kinds.compiling import Where
    from projections.measure import Clause
    from projections.measure.head import Scale, Section
    from projections.measure.model import AppliesTo


_KINDS = {"entry", "answer", "done_by", "warning"}
_FIELDS = {"count", "numerator", "denominator", "missing", "total", "owed_for"}
_FLAGS = {"without", "last"}
_NAMES_OF_AMOUNTS = {
    *("base", "factors", "incomplete", "of", "undetermined"),
    *("unwarned", "warned", "special", "excuse"),
}
"""Parameters that only say which amounts are which: the amounts are shown themselves."""


class SettingWords:
    """Words for what decides beside the amounts, under the readings in force in a year."""

    def __init__(self, words: MeasureWords, town: TownYear) -> None:
        """Take the words of the measure in one language, and the year."""
        self._words, self._translate, self._readings = words, words.translate, town.readings

    def of_clause(self, clause: Clause) -> Iterator[tuple[str, str]]:
        """Yield the bounds of a clause, the units that it is for, and its parameters."""
        yield from self._bounds(clause)
        if clause.together_with:
            titles = (self._title(slug) for slug in clause.together_with)
            yield self._label("together_with"), self._translate(Series(titles))
        if clause.applies_to is not None:
            yield from self._applies_to(clause.applies_to, "applies_to")
        for one in fields(clause.parameters):
            value = getattr(clause.parameters, one.name)
            # How often one of a level counts is a question of special periods alone.
            within = getattr(clause.parameters, "within", "special_period")
            idle = one.name == "once" and within != "special_period"
            if one.name in _NAMES_OF_AMOUNTS or idle:
                continue
            if value not in (None, [], {}, False):
                label = self._label(one.name, clause.kind if one.name == "by" else "clause")
                yield label, self._parameter(clause, one.name, value)

    def of_section(self, section: Section) -> Iterator[tuple[str, str]]:
        """Yield for what a section is scored, its opening, bounds and weight."""
        yield self._label("of", "section"), self._value("of", section.of)
        yield from self._bounds(section)
        if section.floor is not None:
            order = self._value("floor_order", section.floor_order)
            yield self._label("floor_order"), order
        if section.weight != 1:
            yield self._label("weight"), plain(section.weight)
        if section.deducts:
            yield self._label("deducts"), self._translate.term(value=True)

    def of_scale(self, scale: Scale) -> Iterator[tuple[str, str]]:
        """Yield what is scaled, for whom, and how."""
        sections = Series(self._words.term(one) for one in scale.sections)
        yield self._label("sections"), self._translate(sections)
        if scale.applies_to is not None:
            yield from self._applies_to(scale.applies_to, "applies_to")
        if scale.not_applies_to is not None:
            yield from self._applies_to(scale.not_applies_to, "not_applies_to")
        conditions = Series(f"{name} {value}" for name, value in scale.condition.items())
        if conditions:
            yield self._label("if"), str(conditions)
        yield self._label("attainable"), self._points(scale.attainable)
        yield self._label("out_of"), self._points(scale.out_of)
        yield self._label("places"), str(scale.places)

    def of_rank(self) -> Iterator[tuple[str, str]]:
        """Yield among which units ranks are given, and in which order."""
        rank = self._words.measure.rank
        if rank.none:
            yield self._label("none"), self._translate.term(value=True)
        else:
            yield self._label("within"), self._value("within", rank.within)
            if rank.last:
                yield self._label("last"), self._flags(rank.last)
        if self._words.measure.calendar.count:
            order = self._words.measure.period_order(self._readings)
            shown = self._value("period_order", order)
            yield self._label("period_order"), shown + self._decided_by(rank.period_order)

    def _bounds(self, part: Clause | Section) -> Iterator[tuple[str, str]]:
        for key in ("opening", "floor", "cap"):
            value = getattr(part, key)
            if value is not None and (key != "opening" or value != 0):
                yield self._label(key), self._points(value)

    def _applies_to(self, to: AppliesTo, key: str) -> Iterator[tuple[str, str]]:
        named = [
            *map(self._words.unit_type, to.type or ()),
            *map(self._words.group, to.group or ()),
            *(to.unit or ()),
        ]
        yield self._label(key), self._translate(Series(named))
        if to.otherwise is not None:
            yield self._label("otherwise"), self._points(to.otherwise)

    def _parameter(self, clause: Clause, name: str, value: Any) -> str:
        if name == "where":
            return self._translate(Series(self._where(clause, one) for one in value))
        if name == "levels":
            return self._levels(value)
        if name == "once" and clause.kind == "clean" and value == "period":
            return self._value("within", "special_period")
        return self._named(clause, name, value) or self._value(name, value)

    def _named(self, clause: Clause, name: str, value: Any) -> str:
        """Return the title of a kind, field, flag or section that a parameter names; else empty."""
        if name in _KINDS:
            return self._translate.kind(self._words.kinds, value)
        if name in _FIELDS:
            return self._words.name(value, clause, "")
        if name in _FLAGS:
            return self._flags(value)
        return self._words.term(value) if name == "by" and clause.kind == "rank" else ""

    def _where(self, clause: Clause, where: Where) -> str:
        cases = [self._words.case(name, one, clause, "") for name, one in where.when.items()]
        cases += [f"{name} {value}" for name, value in where.condition.items()]
        return self._translate(Series(cases))

    def _levels(self, levels: Mapping[str, list[str]]) -> str:
        term = self._translate.term
        parts = (f"{term(one)}: {'/'.join(map(term, others))}" for one, others in levels.items())
        return self._translate(Series(parts))

    def _flags(self, value: list[str] | ByReading) -> str:
        flags = resolved(value, self._readings) or []
        named = self._translate(Series(map(self._words.term, flags))) or self._translate.term(
            "none"
        )
        return named + self._decided_by(value)

    def _title(self, slug: str) -> str:
        heading = self._words.measure.heading(slug)
        return f"{heading.citation} {self._translate.bilingual(heading.title)}"

    def _label(self, key: str, table: str = "") -> str:
        return self._translate(key_message(key, table))

    def _value(self, key: str, value: Any) -> str:
        """Return the words for a value, in force if a reading decides on it."""
        now = resolved(value, self._readings)
        if isinstance(now, list):
            shown = self._translate(Series(map(str, now)))
        elif isinstance(now, bool):
            shown = self._translate.term(now)
        elif now is None:
            shown = self._translate.term("none")
        else:
            shown = self._translate(value_message(key, str(now)))
        return shown + self._decided_by(value)

    def _points(self, value: Decimal | ByReading) -> str:
        """Return points with the unit of score; none where a reading sets none."""
        now = resolved(value, self._readings)
        if now is None:
            return self._value("", value)
        number, unit = plain(Decimal(str(now))), self._words.unit_of_score
        shown = self._translate(Message("{number} {measure}", number=number, measure=unit))
        return shown + self._decided_by(value)

    def _decided_by(self, value: object) -> str:
        return f" (◆ {value.reading})" if isinstance(value, ByReading) else ""
