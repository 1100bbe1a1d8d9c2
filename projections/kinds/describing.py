"""Words for an entry in an explanation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND, MeasureEntry
from ledger.message import Bilingual, Series
from projections.postings import Working, people

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.entries.base import Field
    from projections.facts import Occurrence


def entry_words(entry: Any, fields: Mapping[str, Field]) -> Working:
    """Return what an entry says, in words: `34 people to province`.

    Args:
        entry: the entry.
        fields: the fields of its kind, by which one of the measure's own is told.
    """
    if type(entry) is MeasureEntry:
        told = [
            Working("{}: {}", (field_title(entry.KIND, name, fields), _value(value, fields[name])))
            for name, value in entry.values.items()
            if value is not None and name in fields
        ]
        return Working("{}", (Series(told),))
    if entry.KIND in _OF_KIND:
        return _OF_KIND[entry.KIND](entry)
    return Working("{}", (Bilingual(entry.KIND, entry.TITLE),))


def field_title(kind: str, name: str, fields: Mapping[str, Field]) -> Bilingual:
    """Return the title of a field of a kind; in English the name of a built-in one."""
    field = fields[name]
    english = name.replace("_", " ") if kind in BY_KIND else field.description
    return Bilingual(english, field.title)


_YES, _NO = Working("yes"), Working("no")


def _value(value: Any, field: Field) -> object:
    """Return a value of a field of the measure's own kind in the measure's words."""
    if isinstance(value, bool):
        return _YES if value else _NO
    text = str(value)
    if field.form == "moment":
        return text[:16].replace("T", " ")  # stored in the office's time
    return Bilingual(field.english.get(text, text), field.words.get(text, text))


def _batch(entry: Any) -> Working:
    return Working("{} to {}", (people(entry.headcount), said(entry, "level")))


def said(entry: Any, name: str) -> Bilingual:
    """Return a coded value of an entry in the words of its field."""
    value = str(getattr(entry, name))
    return Bilingual(value, entry.FIELDS[name].words.get(value, value))


_OF_KIND: dict[str, Callable[[Any], Working]] = {
    "petition_batch": _batch,
    "commendation": lambda one: Working("commended by {} on {}", (one.level, one.issued_on)),
    "criticism": lambda one: Working("criticised by {} on {}", (one.issuer, one.issued_on)),
    "yellow_card": lambda one: Working("yellow card on {}", (one.issued_on,)),
    "research_site": lambda one: Working("site for a visit of {} on {}", (one.level, one.held_on)),
}


def answer_words(one: Occurrence, title: Bilingual | None, fields: Mapping[str, Field]) -> Working:
    """Return what the response of a unit says, in words; that none is recorded.

    Args:
        one: the occurrence that it responds to.
        title: of the response's kind; None for a built-in one.
        fields: the fields of the response's kind.
    """
    answer = one.answer
    if answer is None:
        if title is None:
            return Working("no response recorded")
        return Working("no {} recorded", (title,))
    if answer.KIND not in BY_KIND:
        return entry_words(answer, fields)
    effect = Working("effect not recorded")
    if answer.effective is not None:
        effect = Working("effective") if answer.effective else Working("without effect")
    minutes = getattr(one.entry, "stay_minutes", None)
    minutes = answer.stay_minutes if minutes is None else minutes
    stay = (
        Working("stay not recorded") if minutes is None else Working("stay {} minutes", (minutes,))
    )
    return Working("leader {}, {}, {}", (said(answer, "arrival"), effect, stay))
