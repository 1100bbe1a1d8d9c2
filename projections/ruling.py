"""JSON of the clauses in force in a year, with amounts and readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from ledger.decimals import plain
from ledger.message import Bilingual, Message, Series, Slashed
from projections.measure.model import ByReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.facts import TownYear
    from projections.measure import Amount, Clause, Measure, Reading
    from projections.measure.head import Band, LawNote, Section
    from projections.measure.model import MeasureData


def case_message(when: Mapping[str, Any]) -> Series:
    """Return the case that an amount is for: `level province/city, headcount 6-10`."""
    return Series(
        Message("{name} {value}", name=name, value=condition_words(value))
        for name, value in when.items()
    )


def condition_words(value: Any) -> str | Series:
    """Return a condition in words: true, province/city, 6-10."""
    if isinstance(value, bool):
        return Message("true") if value else Message("false")
    return value if isinstance(value, str) else Slashed(value)


def _states(quantity: str, value: object, measure: Measure) -> str:
    """Return what an amount states: `-3 points`, `0.5 factor`; the name of a flag."""
    unit = measure.source.counted_in.en if quantity == "points" else quantity
    if isinstance(value, ByReading):
        return f"{unit} by {value.reading}"
    return f"{value} {unit}" if quantity != "flag" else str(value)


def _value(value: object) -> object:
    if isinstance(value, ByReading):
        return {"reading": value.reading, **({"is": value.values} if value.values else {})}
    return str(value)


def amount_json(amount: Amount, measure: Measure) -> dict[str, Any]:
    """Return an amount: what it is of, its case, what it states, and where."""
    (quantity,) = amount.stated()
    value = getattr(amount, quantity)
    given = {
        "if": amount.condition or None,
        "from": None if amount.since is None else amount.since.isoformat(),
        "until": None if amount.until is None else amount.until.isoformat(),
        "times": amount.times,
    }
    return {
        "of": amount.of,
        "when": amount.when,
        quantity: value if isinstance(value, int) else _value(value),
        "states": _states(quantity, value, measure),
        "citation": amount.citation,
        "quote": amount.said,
        **{name: one for name, one in given.items() if one is not None},
    }


def reading_json(reading: Reading, town: TownYear) -> dict[str, Any]:
    """Return a reading, with its value in force and the values that it may have."""
    choices = [
        {
            "value": one.value,
            "meaning": Bilingual(one.meaning, one.meaning_zh) if one.meaning_zh else one.meaning,
        }
        for one in reading.value
    ]
    if reading.number is not None:
        number = reading.number
        meaning = Message(
            "{kind}, {least} to {most}", kind=number.kind, least=number.least, most=number.most
        )
        choices.append({"value": Message("a number"), "meaning": meaning})
    return {
        "reading": reading.name,
        "value": town.readings[reading.name],
        "default": reading.default,
        "by_entry": town.rulings.get(reading.name),
        "citation": reading.citation,
        "summary": reading.summary.en,
        "summary_zh": reading.summary.zh,
        "choices": choices,
    }


def band_json(band: Band) -> dict[str, Any]:
    """Return a band of totals; `from` is null for the lowest."""
    return {
        "band": band.name,
        "title": band.title.zh,
        "title_en": band.title.en,
        "from": None if band.least is None else plain(band.least),
        "citation": band.citation,
    }


def law_json(note: LawNote) -> dict[str, Any]:
    """Return a note of law."""
    return {
        "subject": note.subject.zh,
        "subject_en": note.subject.en,
        "note": note.note.zh,
        "note_en": note.note.en,
    }


def _settings(part: MeasureData, *apart: str) -> dict[str, Any]:
    """Return what is given in a part of a measure's files, as they have it.

    Args:
        part: a clause, a section, a scale or the ranking.
        apart: keys that are shown by themselves.
    """
    found = to_builtins(part)
    own = found.pop("parameters", None) or {}
    given: dict[str, Any] = _given({**found, **own})
    return {key: value for key, value in given.items() if key not in apart}


def _given(value: Any) -> Any:
    """Return a part of a measure without the keys that are left out."""
    if isinstance(value, list):
        return [_given(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: _given(one) for key, one in value.items() if one not in (None, [], {})}


def _section(section: Section) -> dict[str, Any]:
    return {
        "section": section.slug,
        "citation": section.citation,
        "title": section.title.zh,
        "title_en": section.title.en,
        "settings": _settings(section, "slug", "citation", "title"),
    }


def _clause(clause: Clause, measure: Measure, town: TownYear) -> dict[str, Any]:
    shown_apart = "slug", "citation", "section", "title", "sentence", "amount", "reading"
    return {
        "clause": clause.slug,
        "citation": clause.citation,
        "section": clause.section,
        "settings": _settings(clause, *shown_apart),
        "title": clause.title.zh,
        "title_en": clause.title.en,
        "text": clause.sentence.zh,
        "text_en": clause.sentence.en,
        "amounts": [amount_json(amount, measure) for amount in clause.amount],
        "readings": [reading_json(reading, town) for reading in clause.reading],
        "law": [law_json(note) for note in measure.law if clause.slug in note.clause],
    }


def rules_json(town: TownYear, slug: str | None = None) -> dict[str, Any]:
    """Return the measure, or one clause, with the readings in force in the year."""
    measure = town.measure
    clauses = measure.clauses.values() if slug is None else [measure.clauses[slug]]
    return {
        "measure": measure.source.name,
        "number": measure.source.number,
        "year": town.year,
        "counted_in": measure.source.counted_in.en,
        "sections": [_section(section) for section in measure.sections.values()],
        "scales": [_settings(scale) for scale in measure.scales],
        "rank": _settings(measure.rank),
        "bands": [band_json(band) for band in measure.bands],
        "law": [law_json(note) for note in measure.law if not note.clause],
        "readings": [
            reading_json(reading, town) for reading in measure.own_readings if slug is None
        ],
        "clauses": [_clause(clause, measure, town) for clause in clauses],
    }
