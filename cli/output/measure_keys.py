"""Words for the keys of a measure's files, and their values, as `measure diff` shows them."""

from __future__ import annotations

from typing import Any

from cli.language import default_language, render
from ledger.message import Message

_KEYS = {
    "aliases": Message("other spellings"),
    "amount": Message("amount"),
    "applies_to": Message("units that it is for"),
    "attainable": Message("attainable"),
    "band": Message("result by total"),
    "batches": Message("petition batches"),
    "bulletin": Message("field"),
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
    "kind": Message("kind of clause"),
    "kind_version": Message("version of the kind"),
    "last": Message("ranked last"),
    "meaning": Message("meaning"),
    "name": Message("name of the document"),
    "named_after": Message("named after"),
    "none": Message("nobody is ranked"),
    "number": Message("document number"),
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

_LANGUAGES = {"zh", "en"}


def _part(key: str, value: Any) -> str:
    if key == "is":  # values of a reading, which are not keys
        return ", ".join(f"{name} = {value_words(one)}" for name, one in value.items())
    return f"{key_words(key)} {value_words(value)}"


def key_words(key: str) -> str:
    """Return the words for a key, in the user's language; the key itself where it has none."""
    return render(_KEYS[key]) if key in _KEYS else key


def value_words(value: Any) -> str:
    """Return a value of a measure's file for people, in the user's language: no JSON."""
    if value is None or value == []:
        return render("none")
    if isinstance(value, bool):
        return render("true") if value else render("false")
    if isinstance(value, list):
        return "; ".join(map(value_words, value))
    if isinstance(value, dict):
        if set(value) == _LANGUAGES:
            return str(value[default_language()])
        parts = (_part(key, one) for key, one in value.items() if one)
        return f"({', '.join(parts)})"
    return str(value)
