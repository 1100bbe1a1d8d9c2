"""Translate the texts of templates and views into the language of the reader."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cli.language import tell_in
from cli.language.vocabulary import WORDS
from ledger.entries import BY_KIND
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.rulebook.model import Words as Bilingual

    from ledger.message import Series
    from projections.postings import Working


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

    def bilingual(self, words: Bilingual) -> str:
        """Return the version of a rulebook text in this language."""
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

    def field(self, kind: str, name: str) -> str:
        """Return the title of a field of a kind of entry, or the word for its name."""
        known = BY_KIND.get(kind)
        field = None if known is None else known.FIELDS.get(name)
        if self.language == "zh":
            return (field and field.title) or self.term(name)
        return name.replace("_", " ")


translator: Callable[[str], Translator] = cache(Translator)
"""Return the one translator of a language."""
