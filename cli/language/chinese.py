"""Sentences in Chinese: the template by the catalogue, its values filled in anew."""

from __future__ import annotations

import gettext
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

from ledger.saying import Alternatives, Choice, Parts, Said, Series, Slashed

if TYPE_CHECKING:
    from collections.abc import Callable

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "tally"

_BETWEEN: dict[type[Series], str] = {
    Series: "、",
    Parts: "；",
    Choice: " 或 ",
    Slashed: "/",
    Alternatives: "、",
}


@cache
def catalogue() -> gettext.NullTranslations:
    """The Chinese of every template; without the file, the English."""
    return gettext.translation(DOMAIN, LOCALE, ["zh_CN"], fallback=True)


def chinese(said: object) -> str:
    """Something said, in Chinese; what the catalogue does not have stays English."""
    template = getattr(said, "template", None)
    if template is not None:
        return _filled(template, said.values)  # type: ignore[attr-defined]
    if isinstance(said, Series):
        # Plain text among them is a name or a number of somebody's, and no word of ours.
        return _joined(said, lambda one: one if type(one) is str else chinese(one))
    if isinstance(said, BaseException):
        return chinese(said.args[0]) if said.args and isinstance(said.args[0], Said) else str(said)
    if isinstance(said, Decimal):
        return _plain(said)
    return catalogue().gettext(said) if isinstance(said, str) and said else str(said)


def _filled(template: str, values: tuple[object, ...] | dict[str, Any]) -> str:
    """Of a sentence the values have names; of a working they have places."""
    told = catalogue().gettext(template) if template else ""
    if not values:
        return told
    places, names = ((), values) if isinstance(values, dict) else (values, {})
    return _FILLING.vformat(told, places, names)


def _plain(points: Decimal) -> str:
    from ledger.bounds import plain  # noqa: PLC0415 - not for --help

    return plain(points)


@lru_cache(maxsize=1024)
def word(term: str) -> str:
    """The office's word for a term of the program: a kind, a field, a level, a flag."""
    from cli.workbooks.words import WORDS  # noqa: PLC0415
    from ledger.entries import BY_KIND  # noqa: PLC0415 - not for --help

    if term in BY_KIND:
        return BY_KIND[term].TITLE
    if term in WORDS:
        return WORDS[term][0]
    titles = (kind.FIELDS[term].title for kind in BY_KIND.values() if term in kind.FIELDS)
    return next(filter(None, titles), None) or (catalogue().gettext(term) if term else "")


def _word(term: object) -> str:
    return chinese(term) if hasattr(term, "template") else word(str(term))


def _both(term: object) -> str:
    told = word(str(term))
    return told if told == str(term) else f"{told} {term}"


def _joined(series: Series, told: Callable[[object], str]) -> str:
    return _BETWEEN[type(series)].join(map(told, series))


_TERMS: dict[str, Callable[[object], str]] = {"word": _word, "both": _both}


class _Filling(Formatter):
    """As `str.format`; a Chinese template may also ask for `{level:word}` or `{field:both}`.

    `word` is the office's word for a term; `both` gives the term behind it, where a person has
    to write it.
    """

    def format_field(self, value: Any, format_spec: str) -> Any:
        if format_spec in _TERMS:
            told = _TERMS[format_spec]
            return _joined(value, told) if isinstance(value, Series) else told(value)
        known = isinstance(value, Series | BaseException) or hasattr(value, "template")
        if known or (isinstance(value, Decimal) and not format_spec):
            return chinese(value)
        return super().format_field(value, format_spec)


_FILLING = _Filling()
