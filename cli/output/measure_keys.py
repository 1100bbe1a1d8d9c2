"""Words for the keys of a measure's files and their values, for `measure diff` and `rules`."""

from __future__ import annotations

from typing import Any

from cli.language import default_language, render
from ledger.message import Bilingual, Message, Parts, Series

_KEYS = {
    "aliases": Message("other spellings"),
    "amount": Message("amount"),
    "answer": Message("response"),
    "applies_to": Message("units that it is for"),
    "ascending": Message("the smallest first"),
    "attainable": Message("attainable"),
    "award": Message("points for"),
    "band": Message("result by total"),
    "batches": Message("petition batches"),
    "by": Message("ranked by"),
    "calendar": Message("calendar"),
    "cap": Message("not above"),
    "charged": Message("charged"),
    "citation": Message("citation"),
    "collective_from": Message("collective from"),
    "combine": Message("factors over 1"),
    "count": Message("number"),
    "counted_in": Message("unit of score"),
    "counts_from": Message("counts from"),
    "dates": Message("due on"),
    "days_of_month": Message("due each month on day"),
    "deducts": Message("deducts"),
    "default": Message("default value"),
    "denominator": Message("denominator"),
    "done_by": Message("done by"),
    "each": Message("for each"),
    "eligible": Message("eligible for awards"),
    "ends": Message("ends on"),
    "entry": Message("kind of entry"),
    "expected": Message("a unit without a finding is listed"),
    "factor": Message("multiplier"),
    "flag": Message("flag"),
    "floor": Message("not below"),
    "floor_order": Message("order of cuts"),
    "former": Message("former names"),
    "from": Message("stated from"),
    "gaps": Message("cases without an amount cost nothing"),
    "graded": Message("findings may give points"),
    "group": Message("groups"),
    "id": Message("id"),
    "if": Message("under the reading"),
    "in_force": Message("in force on"),
    "issued_on": Message("issued on"),
    "issuer": Message("issued by"),
    "item": Message("item"),
    "key": Message("key"),
    "kind_version": Message("version of the kind"),
    "last": Message("ranked last"),
    "late_until": Message("late until"),
    "levels": Message("levels in the way"),
    "meaning": Message("meaning"),
    "meaning_zh": Message("meaning"),
    "missing": Message("what is missing"),
    "most_missing": Message("most that can be missing"),
    "named_after": Message("named after"),
    "no_cases": Message("nothing to count"),
    "none": Message("nobody is ranked"),
    "none_due": Message("points if nothing fell due"),
    "not_applies_to": Message("units that it is not for"),
    "notices": Message("one more for each notice"),
    "numerator": Message("numerator"),
    "of": Message("what it is of"),
    "once": Message("counts"),
    "opening": Message("opens at"),
    "otherwise": Message("points of other units"),
    "out_of": Message("scaled to"),
    "over": Message("to be done whole"),
    "owed_for": Message("says which report it is"),
    "paraphrase": Message("in other words"),
    "percent": Message("per cent"),
    "period": Message("period"),
    "period_order": Message("order of a period's bulletin"),
    "places": Message("decimal places"),
    "points": Message("points stated"),
    "quote": Message("words of the text"),
    "rank": Message("rank"),
    "reading": Message("by the reading"),
    "reported_by": Message("reported by"),
    "scale": Message("scaling"),
    "section": Message("section"),
    "sections": Message("sections"),
    "sentence": Message("sentence"),
    "several": Message("several findings"),
    "slug": Message("slug"),
    "source": Message("source"),
    "special_excused": Message("excuses from special amounts too"),
    "special_stacks": Message("special amounts beside the others"),
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
    "valid": Message("report valid"),
    "value": Message("value of it"),
    "warning": Message("report before it"),
    "weight": Message("weight"),
    "when": Message("its case"),
    "where": Message("what counts"),
    "within": Message("ranked within"),
    "without": Message("without a place"),
    "words": Message("explanation"),
    "year": Message("assessment year"),
}
"""By key of a file; parameters of kinds that are not here are shown as they are written."""

_IN_TABLE = {
    ("band", "name"): Message("key"),
    ("clause", "count"): Message("adds up"),
    ("clause", "kind"): Message("kind of clause"),
    ("clause", "total"): Message("adds up"),
    ("clause", "until"): Message("counts until"),
    ("clause", "within"): Message("within"),
    ("milestone", "by"): Message("due by"),
    ("measure", "bulletin"): Message("field of work"),
    ("measure", "name"): Message("name of the document"),
    ("measure", "number"): Message("document number"),
    ("number", "kind"): Message("kind of number"),
    ("number", "least"): Message("least"),
    ("number", "most"): Message("most"),
    ("reading", "name"): Message("key"),
    ("reading", "number"): Message("range of values"),
    ("section", "of"): Message("scored for"),
}
"""By table and key, where the same key means something else in another table."""

_VALUES: dict[str, dict[str, str]] = {
    "award": {"each": Message("each entry"), "once": Message("all together")},
    "charged": {"liable": Message("the unit itself"), "parties": Message("both units")},
    "combine": {"multiply": Message("multiplied"), "add": Message("surcharges added up")},
    "each": {
        "week": Message("week"),
        "half_month": Message("half month"),
        "month": Message("month"),
        "period": Message("period"),
        "year": Message("year"),
    },
    "floor_order": {"last": Message("the last first"), "pro_rata": Message("in proportion")},
    "kind": {"integer": Message("whole number"), "decimal": Message("decimal number")},
    "late_until": {
        "arrived": Message("it is in"),
        "always": Message("without end"),
        "month_end": Message("the first month-end after"),
        "quarter_end": Message("the period's end"),
    },
    "named_after": {
        "first": Message("its first day's year"),
        "last": Message("its last day's year"),
    },
    "no_cases": {"full": Message("full points"), "none": Message("no points")},
    "of": {
        "period": Message("each period"),
        "beside": Message("beside each period"),
        "year": Message("the year"),
    },
    "once": {
        "each": Message("each time"),
        "period": Message("once a period"),
        "quarter": Message("once a quarter"),
        "year": Message("once a year"),
    },
    "over": {
        "quarter": Message("what falls due in a period"),
        "period": Message("what falls due in a period"),
        "year": Message("what falls due in the year"),
        "level": Message("what of one level falls due in a period"),
    },
    "period_order": {
        "with_beside": Message("by score and what is told beside it"),
        "score": Message("by score"),
        "none": Message("not ranked"),
    },
    "reported_by": {"liable": Message("the liable unit"), "parties": Message("either unit")},
    "several": {
        "lower": Message("the lower one"),
        "higher": Message("the higher one"),
        "mean": Message("their mean"),
        "sum": Message("their sum"),
    },
    "until": {
        "any": Message("any day"),
        "month_end_after": Message("the first month-end after"),
        "quarter_end": Message("the period's end"),
        "month": Message("the month's end"),
    },
    "valid": {"ever": Message("ever"), "since_last_batch": Message("since the last batch")},
    "within": {
        "all": Message("all units"),
        "group": Message("groups of units"),
        "type": Message("types of units"),
        "special_period": Message("each special period"),
        "period": Message("each period"),
        "year": Message("the year"),
    },
}
"""By key, the words for the values that it may have."""

_FLAGS = {"true": Message("true"), "false": Message("false")}

_LANGUAGES = {"zh", "en"}
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def key_message(key: str, table: str = "") -> str:
    """Return the words for a key, as a message; the key itself where it has none.

    Args:
        key: a key of a measure's file.
        table: the table that has it: `reading` of `[[clause.reading]]`.
    """
    return _IN_TABLE.get((table, key)) or _KEYS.get(key) or Bilingual(key, key)


def value_message(key: str, value: str) -> str:
    """Return the words for a value of a key, as a message; the value where it has none."""
    return _VALUES.get(key, {}).get(value) or _FLAGS.get(value) or Bilingual(value, value)


def key_words(key: str, table: str = "") -> str:
    """Return the words for a key, in the user's language."""
    return render(key_message(key, table))


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
    return render(value_message(table, str(value)))


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
