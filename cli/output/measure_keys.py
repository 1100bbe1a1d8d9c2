"""Words for the keys of a measure's files, and their values, as `measure diff` shows them."""

from __future__ import annotations

from typing import Any

from cli.language import default_language, render
from ledger.message import Bilingual, Message, Parts, Series

_KEYS = {
    "aliases": Message("other spellings"),
    "amount": Message("amount"),
    "applies_to": Message("units that it is for"),
    "attainable": Message("attainable"),
    "band": Message("result by total"),
    "batches": Message("petition batches"),
    "calendar": Message("calendar"),
    "cap": Message("not above"),
    "citation": Message("citation"),
    "collective_from": Message("collective from"),
    "count": Message("number"),
    "counted_in": Message("unit of score"),
    "counts_from": Message("counts from"),
    "deducts": Message("deducts"),
    "default": Message("default value"),
    "eligible": Message("eligible for awards"),
    "ends": Message("ends on"),
    "entry": Message("kind of entry"),
    "factor": Message("multiplier"),
    "flag": Message("flag"),
    "floor": Message("not below"),
    "floor_order": Message("order of cuts"),
    "former": Message("former names"),
    "from": Message("stated from"),
    "group": Message("groups"),
    "id": Message("id"),
    "if": Message("under the reading"),
    "in_force": Message("in force on"),
    "issued_on": Message("issued on"),
    "issuer": Message("issued by"),
    "key": Message("key"),
    "kind_version": Message("version of the kind"),
    "last": Message("ranked last"),
    "meaning": Message("meaning"),
    "meaning_zh": Message("meaning"),
    "named_after": Message("named after"),
    "none": Message("nobody is ranked"),
    "of": Message("what it is of"),
    "opening": Message("opens at"),
    "otherwise": Message("points of other units"),
    "out_of": Message("scaled to"),
    "paraphrase": Message("in other words"),
    "percent": Message("per cent"),
    "period": Message("period"),
    "period_order": Message("order of a period's bulletin"),
    "places": Message("decimal places"),
    "points": Message("points stated"),
    "quote": Message("words of the text"),
    "rank": Message("rank"),
    "reading": Message("by the reading"),
    "scale": Message("scaling"),
    "section": Message("section"),
    "sections": Message("sections"),
    "sentence": Message("sentence"),
    "slug": Message("slug"),
    "source": Message("source"),
    "starts": Message("begins on"),
    "summary": Message("question"),
    "supersedes": Message("supersedes"),
    "times": Message("multiplied by"),
    "title": Message("title"),
    "together_with": Message("together with"),
    "total": Message("total"),
    "type": Message("types of units"),
    "unit": Message("unit"),
    "units": Message("units assessed"),
    "until": Message("stated until"),
    "value": Message("value of it"),
    "weight": Message("weight"),
    "when": Message("its case"),
    "where": Message("what counts"),
    "within": Message("ranked within"),
    "words": Message("explanation"),
    "year": Message("assessment year"),
}
"""By key of a file; parameters of kinds that are not here are shown as they are written."""

_IN_TABLE = {
    ("band", "name"): Message("key"),
    ("clause", "kind"): Message("kind of clause"),
    ("measure", "bulletin"): Message("field of work"),
    ("measure", "name"): Message("name of the document"),
    ("measure", "number"): Message("document number"),
    ("number", "kind"): Message("kind of number"),
    ("number", "least"): Message("least"),
    ("number", "most"): Message("most"),
    ("reading", "name"): Message("key"),
    ("reading", "number"): Message("range of values"),
}
"""By table and key, where the same key means something else in another table."""

_LANGUAGES = {"zh", "en"}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def key_words(key: str, table: str = "") -> str:
    """Return the words for a key, in the user's language; the key itself where it has none.

    Args:
        key: a key of a measure's file.
        table: the table that has it: `reading` of `[[clause.reading]]`.
    """
    return render(_IN_TABLE.get((table, key)) or _KEYS.get(key) or Bilingual(key, key))


def value_words(value: Any, table: str = "") -> str:
    """Return a value of a measure's file for people, in the user's language: no JSON.

    Args:
        value: the value, as JSON has it.
        table: the table or key whose value it is.
    """
    if value is None or value == []:
        return render("none")
    if isinstance(value, bool):
        return render("true") if value else render("false")
    if isinstance(value, list):
        return render("{parts}", parts=Parts(value_words(one, table) for one in value))
    if isinstance(value, dict):
        if set(value) == _LANGUAGES:
            return str(value[default_language()])
        parts = Series(
            _part(key, one, table)
            for key, one in _in_one_language(value).items()
            if one not in _EMPTY
        )
        return render("({parts})", parts=parts)
    return str(value)


def _part(key: str, value: Any, table: str) -> str:
    if key == "is":  # values of a reading, which are not keys
        values = Series(f"{name} = {value_words(one)}" for name, one in value.items())
        return render("{parts}", parts=values)
    return f"{key_words(key, table)} {value_words(value, key)}"


def _in_one_language(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table with its meaning in the reader's language alone, where it has both."""
    if "meaning_zh" not in table:
        return table
    left_out = "meaning" if default_language() == "zh" else "meaning_zh"
    return {key: one for key, one in table.items() if key != left_out}
