"""Read the rule files; refuse contradictions and missing citations."""

from __future__ import annotations

import operator
import re
import tomllib
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from msgspec import ValidationError, convert

from ledger.errors import TallyError
from ledger.message import Message, Series
from projections.rulebook.model import (
    Adding,
    Amount,
    Clause,
    Condition,
    RuleData,
    Source,
    Total,
    bounds,
)
from projections.rulebook.rulebook import Rulebook

CLAUSES = Path(__file__).parent.parent / "clauses"
MEASURE = Path(__file__).parent / "measure.toml"

ORDER = (
    "screening",
    "case_reports",
    "information",
    "abnormal_petitions",
    "disqualification",
    "inspection",
    "special_period",
    "commendation",
    "research_site",
    "supervised_cases",
    "no_collective",
    "criticism",
    "yellow_card",
)
"""The rule files in the order of the regulation."""


class UnsoundRulebookError(TallyError):
    """A rule file contradicts itself, or lacks what it must have."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(Message("rulebook, {place}: {what}", place=place, what=what))


class _RuleFile(RuleData, frozen=True, kw_only=True):
    clause: list[Clause]


class _MeasureFile(RuleData, frozen=True, kw_only=True):
    measure: Source
    total: list[Total]
    year: Adding


@cache
def load_rulebook() -> Rulebook:
    """Load the measure of 2016 from the files beside the code of its clauses."""
    texts = {name: (CLAUSES / f"{name}.toml").read_text(encoding="utf-8") for name in ORDER}
    return build(texts, MEASURE.read_text(encoding="utf-8"))


def build(texts: dict[str, str], measure: str) -> Rulebook:
    """Build a rulebook from the texts of its rule files.

    Args:
        texts: the TOML of each rule file, by a name for messages.
        measure: the TOML of the measure's own data.

    Raises:
        UnsoundRulebookError: there is an unknown key, an amount without a citation, an amount that
            does not state exactly one measure, or two amounts that claim the same case.
    """
    head = _validated(_MeasureFile, "measure", measure)
    clauses = [
        clause
        for name, text in texts.items()
        for clause in _validated(_RuleFile, name, text).clause
    ]
    _refuse_unsound(clauses)
    return Rulebook(head.measure, head.total, head.year, clauses)


def _validated(model: Any, name: str, text: str) -> Any:
    try:
        found = convert(tomllib.loads(text), model)
    except tomllib.TOMLDecodeError as error:
        raise UnsoundRulebookError(name, Message("is not TOML: {error}", error=error)) from error
    except ValidationError as error:
        what, _, place = str(error).partition(" - at `$")
        message = Message("{place}: {what}", place=place.strip(".`"), what=what) if place else what
        raise UnsoundRulebookError(name, message) from error
    for place in found.infinite():
        raise UnsoundRulebookError(name, Message("{place}: must be a finite number", place=place))
    return found


def _refuse_unsound(clauses: list[Clause]) -> None:
    _refuse_repeated(Message("clause"), [clause.slug for clause in clauses])
    readings = [(clause, reading) for clause in clauses for reading in clause.reading]
    _refuse_repeated(Message("reading"), [reading.name for _, reading in readings])
    for clause, reading in readings:
        if reading.canonical(reading.default) is None:
            raise UnsoundRulebookError(
                clause.slug,
                Message(
                    "{name} has no value {default}", name=reading.name, default=reading.default
                ),
            )
    amounts = [(clause, amount) for clause in clauses for amount in clause.amount]
    for clause, amount in amounts:
        if not amount.citation.strip() or not amount.quote.strip():
            raise UnsoundRulebookError(
                clause.slug, Message("the amount of {of} has no citation", of=amount.of)
            )
        if len(amount.stated()) != 1:
            raise UnsoundRulebookError(
                clause.slug,
                Message(
                    "the amount of {of} must state one thing: {stated}",
                    of=amount.of,
                    stated=amount.stated(),
                ),
            )
        for condition in amount.when.values():
            if isinstance(condition, str) and not _is_range(condition):
                raise UnsoundRulebookError(
                    clause.slug,
                    Message(
                        "{condition!r} is not a range of headcounts; write 6-10 or 31-",
                        condition=condition,
                    ),
                )
    for (clause, one), (other_clause, other) in combinations(amounts, 2):
        if one.of == other.of and _overlap(one, other):
            raise UnsoundRulebookError(
                Message("{slug} and {other}", slug=clause.slug, other=other_clause.slug),
                Message(
                    "{citation} ({quote}) and {citation_2} ({quote_2}) both claim the case "
                    "“{of}” {one}",
                    citation=one.citation,
                    quote=one.quote,
                    citation_2=other.citation,
                    quote_2=other.quote,
                    of=one.of,
                    one=_shared(one, other),
                ),
            )


def _refuse_repeated(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UnsoundRulebookError(name, Message("the {what} is declared twice", what=what))


def _is_range(text: str) -> bool:
    return re.fullmatch(r"\d{1,9}-(\d{1,9})?", text, re.ASCII) is not None and operator.le(
        *bounds(text)
    )


def _overlap(one: Amount, other: Amount) -> bool:
    return all(
        _meet(one.when[name], other.when[name]) for name in one.when.keys() & other.when.keys()
    )


def _shared(one: Amount, other: Amount) -> Series:
    both = {**one.when, **other.when}
    return Series(Message("{name} {value}", name=name, value=value) for name, value in both.items())


def _meet(one: Condition, other: Condition) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return bool(set(one) & set(other))
    if isinstance(one, str) and isinstance(other, str):
        (low, high), (other_low, other_high) = bounds(one), bounds(other)
        return low <= other_high and other_low <= high
    return True
