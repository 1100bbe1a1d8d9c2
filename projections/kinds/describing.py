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
            Working("{}: {}", (Bilingual(field.description, field.title), _value(value, field)))
            for name, value in entry.values.items()
            if value is not None and (field := fields.get(name)) is not None
        ]
        return Working("{}", (Series(told),))
    return _OF_KIND[entry.KIND](entry) if entry.KIND in _OF_KIND else Working(entry.KIND)


_YES, _NO = Working("yes"), Working("no")


def _value(value: Any, field: Field) -> object:
    """Return a value of a field of the measure's own kind in the measure's words."""
    if isinstance(value, bool):
        return _YES if value else _NO
    text = str(value)
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


def answer_words(one: Occurrence, fields: Mapping[str, Field]) -> Working:
    """Return what the response of a unit says, in words; that none is recorded.

    Args:
        one: the occurrence that it responds to.
        fields: the fields of the response's kind.
    """
    answer = one.answer
    if answer is None:
        return Working("no response recorded")
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
