"""Translate the texts of templates and views into the language of the reader."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cli.language import tell_in
from cli.language.vocabulary import WORDS
from ledger.entries import BY_KIND
from ledger.entries.base import Entry
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.entries.base import Field
    from ledger.kinds import Kinds
    from ledger.message import Series
    from projections.measure.model import Words
    from projections.postings import Working

OF_EVERY_OWN_KIND = {*Entry.FIELDS, "unit"}
"""Fields that a measure does not declare."""


class Translator:
    """Translates into one language."""

    def __init__(self, language: str) -> None:
        """Take the language: `en` or `zh`."""
        self.language = language
        self.tag = "zh-CN" if language == "zh" else "en"

    def __call__(self, text: str | Working | Series, /, **values: object) -> str:
        """Return a message, a working or a series in this language.

        Args:
            text: the message, or a template for the values.
            values: by their names in the template.
        """
        return tell_in(self.language, Message(str(text), **values) if values else text)

    def bilingual(self, words: Words) -> str:
        """Return the version of a measure's text in this language."""
        return words.zh if self.language == "zh" else words.en

    def term(self, value: Any) -> str:
        """Return the word for a coded value, a kind or a field; anything else unchanged."""
        if isinstance(value, bool):
            value = ("no", "yes")[value] if self.language == "en" else str(value).lower()
        text = str(value)
        if self.language == "zh":
            from cli.language.chinese import word  # noqa: PLC0415 - only for Chinese

            return word(text)
        return text.replace("_", " ") if text in WORDS or text in BY_KIND else text

    def heading(self, term: str) -> str:
        """Return the word for a term, capitalized."""
        return self.term(term).capitalize()

    def kind(self, kinds: Kinds, kind: str) -> str:
        """Return the title of a kind of entry."""
        if kind not in kinds.own:
            return self.term(kind)
        own = kinds.own[kind]
        return own.TITLE if self.language == "zh" else own.TITLE_EN

    def field(self, kinds: Kinds, kind: str, name: str) -> str:
        """Return the title of a field of a kind of entry, or the word for its name."""
        field = kinds.fields(kind).get(name) if kind in kinds else None
        if self.language == "zh":
            return (field and field.title) or self.term(name)
        own = kind in kinds.own and name not in OF_EVERY_OWN_KIND
        return field.description if own and field is not None else name.replace("_", " ")

    def choice(self, field: Field, value: str) -> str:
        """Return the word for one of the choices of a field."""
        words = field.words if self.language == "zh" else field.english
        return words.get(value) or self.term(value)


translator: Callable[[str], Translator] = cache(Translator)
"""Return the one translator of a language."""
