"""Render messages in Chinese by the templates of the catalogue."""

from __future__ import annotations

import gettext
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from cli.language.vocabulary import WORDS
from ledger.message import Alternatives, Bilingual, Choice, Message, Parts, Series, Slashed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "tally"

_SEPARATORS: dict[type[Series], str] = {
    Series: "、",
    Parts: "；",
    Choice: " 或 ",
    Slashed: "/",
    Alternatives: "、",
}


@cache
def catalogue() -> gettext.NullTranslations:
    """Return the Chinese translations, or empty ones where the file is missing."""
    return gettext.translation(DOMAIN, LOCALE, ["zh_CN"], fallback=True)


def translated(text: str) -> str:
    """Return the Chinese of a coded value or message, else the text itself."""
    return WORDS.get(text) or (catalogue().gettext(text) if text else "")


def chinese(message: object) -> str:
    """Return a message, working, series or error in Chinese, else as text."""
    if isinstance(message, Bilingual):
        return message.zh
    template = getattr(message, "template", None)
    if template is not None:
        return _filled(template, message.values)  # type: ignore[attr-defined]
    if isinstance(message, Series):
        # Plain text in a series is a name or an id, not a message.
        return _joined(message, lambda one: one if type(one) is str else chinese(one))
    if isinstance(message, BaseException):
        inner = message.args[0] if message.args else None
        return chinese(inner) if isinstance(inner, Message) else str(message)
    if isinstance(message, Decimal):
        return _plain(message)
    return translated(message) if isinstance(message, str) else str(message)


def _filled(template: str, values: tuple[object, ...] | dict[str, Any]) -> str:
    """Fill in the Chinese template by named (message) or numbered values (working)."""
    text = translated(template)
    if not values:
        return text
    by_place, by_name = ((), values) if isinstance(values, dict) else (values, {})
    return _FILLING.vformat(text, by_place, by_name)


def _plain(points: Decimal) -> str:
    from ledger.decimals import plain  # noqa: PLC0415 - not for --help

    return plain(points)


_OF_THE_MEASURE: dict[str, str] = {}


def learn(words: Mapping[str, str]) -> None:
    """Take the Chinese of names that the open ledger's measure declares, and no other's."""
    _OF_THE_MEASURE.clear()
    _OF_THE_MEASURE.update(words)
    word.cache_clear()


@lru_cache(maxsize=1024)
def word(term: str) -> str:
    """Return the office's word for a kind, coded value or field, else the term."""
    from ledger.entries import BY_KIND  # noqa: PLC0415 - not for --help

    if term in BY_KIND:
        return BY_KIND[term].TITLE
    titles = (kind.FIELDS[term].title for kind in BY_KIND.values() if term in kind.FIELDS)
    found = WORDS.get(term) or next(filter(None, titles), None) or _OF_THE_MEASURE.get(term)
    return found or translated(term)


def both(term: str) -> str:
    """Return the office's word followed by the term, for what a person has to type."""
    found = word(term)
    return found if found == term else f"{found} {term}"


def _word(term: object) -> str:
    if isinstance(term, Bilingual):
        return term.zh
    return chinese(term) if getattr(term, "values", None) else word(str(term))


def _joined(series: Series, shown: Callable[[object], str]) -> str:
    return _SEPARATORS[type(series)].join(map(shown, series))


def _both(term: object) -> str:
    return f"{term.zh} {term}" if isinstance(term, Bilingual) else both(str(term))


_TERMS: dict[str, Callable[[object], str]] = {"word": _word, "both": _both}


class _Filling(Formatter):
    """Format as `str.format`, and also `{level:word}` and `{field:both}`."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec in _TERMS:
            shown = _TERMS[format_spec]
            return _joined(value, shown) if isinstance(value, Series) else shown(value)
        known = isinstance(value, Series | Bilingual | BaseException) or hasattr(value, "template")
        if known or (isinstance(value, Decimal) and not format_spec):
            return chinese(value)
        return super().format_field(value, format_spec)


_FILLING = _Filling()
