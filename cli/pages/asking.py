"""What a page is asked for: the year, the day, the state of knowledge, the language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cli.options import OptionError
from ledger.bounds import FIRST_YEAR, LAST_YEAR
from ledger.errors import TallyError
from ledger.saying import Said

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("en", "zh")


class MissingError(TallyError):
    """What an address names is not there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The choices that every page takes; None where the reader left them open."""

    language: str = "en"
    year: int | None = None
    as_of: str | None = None
    """A position or a recorded time, as the reader wrote it."""
    through: str | None = None
    provisional: bool = False

    def carried(self) -> dict[str, str]:
        """The choices as an address carries them from page to page, made ones only."""
        told = {
            "year": None if self.year is None else str(self.year),
            "as_of": self.as_of,
            "through": self.through,
            "provisional": "1" if self.provisional else None,
        }
        return {name: value for name, value in told.items() if value is not None}


def asked(parameters: Mapping[str, str], language: str) -> Asked:
    """The choices of an address.

    Args:
        parameters: of the address; an empty one is one left out.
        language: where the address names none.

    Raises:
        OptionError: the year or the language is none.
    """
    given = {name: value.strip() for name, value in parameters.items() if value.strip()}
    lang = given.get("lang", language)
    if lang not in LANGUAGES:
        raise OptionError("lang", Said("{lang!r} is no language here; write en or zh", lang=lang))
    return Asked(
        lang,
        _year(given.get("year")),
        given.get("as_of"),
        given.get("through"),
        given.get("provisional") is not None,
    )


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len("2016") else 0
    if not FIRST_YEAR < number <= LAST_YEAR:
        raise OptionError("year", Said("{text!r} is no assessment year; write 2016", text=text))
    return number
