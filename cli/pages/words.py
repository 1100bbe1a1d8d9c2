"""Words of the pages in Chinese and English: English is the key, words.toml has the Chinese."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.language import tell_in
from cli.workbooks.words import NO, WORDS, YES
from ledger.entries import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.saying import Series
    from projections.postings import Working
    from projections.rulebook.model import Words as Bilingual

CHINESE = Path(__file__).parent / "words.toml"


@cache
def chinese() -> dict[str, str]:
    """The Chinese of every word of the pages."""
    found: dict[str, str] = tomllib.loads(CHINESE.read_text(encoding="utf-8"))
    return found


class Speech:
    """One language: what templates say in it."""

    def __init__(self, language: str) -> None:
        """`en` or `zh`."""
        self.language = language
        self.tag = "zh-CN" if language == "zh" else "en"

    def __call__(self, english: str, **values: object) -> str:
        """A sentence of the pages, its {values} filled in."""
        plain = english if " " in english else english.replace("_", " ")
        told = chinese().get(english, plain) if self.language == "zh" else plain
        return told.format(**values) if values else told

    def told(self, said: str | Working | Series) -> str:
        """A message or a working of the program, by the catalogue that the terminal has too."""
        return tell_in(self.language, said)

    def of(self, words: Bilingual) -> str:
        """A text that the rulebook has in both."""
        return words.zh if self.language == "zh" else words.en

    def term(self, value: Any) -> str:
        """A word of a closed vocabulary, yes or no; anything else as it is."""
        if isinstance(value, bool):
            english, zh = ("yes", YES) if value else ("no", NO)
            return zh if self.language == "zh" else english
        if isinstance(value, list | tuple):
            return (
                "、".join(map(str, value)) if self.language == "zh" else ", ".join(map(str, value))
            )
        text = str(value)
        if self.language == "zh":
            return WORDS[text][0] if text in WORDS else text
        return text.replace("_", " ") if text in WORDS else text

    def kind(self, kind: str) -> str:
        """What entries of a kind are called."""
        known = BY_KIND.get(kind)
        if self.language == "zh":
            return known.TITLE if known is not None else chinese()[kind]
        return kind.replace("_", " ")

    def field(self, kind: str, name: str) -> str:
        """What a field of an entry is called."""
        known = BY_KIND.get(kind)
        field = None if known is None else known.FIELDS.get(name)
        if self.language == "zh" and field is not None and field.title:
            return field.title
        return name.replace("_", " ")


speech: Callable[[str], Speech] = cache(Speech)
