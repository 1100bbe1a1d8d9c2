"""JSON of the clauses in force in a year, with amounts and readings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.message import Message, Series, Slashed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.facts import TownYear
    from projections.rulebook import Amount, Clause, Reading, Rulebook
    from projections.rulebook.model import Condition


def case_message(when: Mapping[str, Condition]) -> Series:
    """Return the case that an amount is for: `level province/city, headcount 6-10`."""
    return Series(
        Message(
            "{name} {value}", name=name, value=value if isinstance(value, str) else Slashed(value)
        )
        for name, value in when.items()
    )


def stated(states: str) -> str:
    """Return what an amount states, translatable: `-3 points`, `vetoed`."""
    number, _, measure = states.partition(" ")
    if not measure:
        return Message(states)
    return Message("{number} {measure}", number=number, measure=Message(measure))


def states_of(amount: Amount) -> str:
    """Return what an amount states: `-3 points`, `0.5 factor`; the name of a flag."""
    (measure,) = amount.stated()
    value = getattr(amount, measure)
    return f"{value} {measure}" if measure != "flag" else str(value)


def _amount(amount: Amount) -> dict[str, Any]:
    (measure,) = amount.stated()
    value = getattr(amount, measure)
    return {
        "of": amount.of,
        "when": amount.when,
        measure: value if isinstance(value, int) else str(value),
        "states": states_of(amount),
        "citation": amount.citation,
        "quote": amount.quote,
    }


def _reading(reading: Reading, town: TownYear) -> dict[str, Any]:
    choices = [{"value": one.value, "meaning": one.meaning} for one in reading.value]
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


def _clause(clause: Clause, town: TownYear) -> dict[str, Any]:
    return {
        "clause": clause.slug,
        "citation": clause.citation,
        "section": clause.section,
        "title": clause.title.zh,
        "title_en": clause.title.en,
        "text": clause.sentence.zh,
        "text_en": clause.sentence.en,
        "amounts": [_amount(amount) for amount in clause.amount],
        "readings": [_reading(reading, town) for reading in clause.reading],
    }


def rules_json(rulebook: Rulebook, town: TownYear, slug: str | None = None) -> dict[str, Any]:
    """Return the measure, or one clause, with the readings in force in the year."""
    clauses = rulebook.clauses.values() if slug is None else [rulebook.clauses[slug]]
    return {
        "measure": rulebook.source.name,
        "number": rulebook.source.number,
        "year": town.year,
        "clauses": [_clause(clause, town) for clause in clauses],
    }
