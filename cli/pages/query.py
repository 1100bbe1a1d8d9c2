"""Parse the parameters that every page's address takes: the language and the score query."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct

from cli.language.vocabulary import PARAMETERS
from cli.options import OptionError
from cli.parameters import MalformedError, Parsed, Value
from cli.parameters.times import DAY, MOMENT, YEAR
from ledger.errors import TallyError
from ledger.message import Bilingual, Message, message_of
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Final = ("en", "zh")


class PageError(TallyError):
    """A request that a page cannot answer."""

    STATUS: ClassVar[int] = HTTPStatus.BAD_REQUEST


class MissingError(PageError):
    """An address names something that does not exist."""

    STATUS = HTTPStatus.NOT_FOUND


class ForbiddenError(PageError):
    """The role of the account that is signed in does not allow this."""

    STATUS = HTTPStatus.FORBIDDEN


class PageQuery(Struct, frozen=True):
    """The language of a page, and which scores it shows."""

    language: str
    scores: ScoreQuery
    carried: dict[str, str] = {}
    """The parameters of the query as the reader wrote them; links carry them on."""


def parameter_name(parameter: str) -> str:
    """Return what messages call a parameter of an address, in either language."""
    return Bilingual(parameter, PARAMETERS[parameter]) if parameter in PARAMETERS else parameter


def parse_parameter(type_: Parsed[Value], text: str, name: str) -> Value:
    """Parse a parameter of an address by the type of its command-line option.

    Args:
        type_: the type.
        text: the parameter's value.
        name: what messages call the parameter.

    Raises:
        OptionError: the text is malformed.
    """
    try:
        return type_.parse(text)
    except MalformedError as error:
        raise OptionError(parameter_name(name), message_of(error)) from None


def parse_query(parameters: Mapping[str, str], language: str) -> PageQuery:
    """Parse the query of an address.

    Args:
        parameters: of the address; an empty one counts as left out.
        language: the language if the address names none.

    Raises:
        OptionError: a value is malformed, or the language is unknown.
    """
    given = {name: value.strip() for name, value in parameters.items() if value.strip()}
    lang = given.get("lang", language)
    if lang not in LANGUAGES:
        raise OptionError(
            parameter_name("lang"),
            Message("{lang!r} is not a language of the pages; write en or zh", lang=lang),
        )

    def value(type_: Parsed[Value], parameter: str, name: str) -> Value | None:
        return parse_parameter(type_, given[parameter], name) if parameter in given else None

    scores = ScoreQuery(
        year=value(YEAR, "year", "year"),
        through=value(DAY, "through", "through"),
        as_of=value(MOMENT, "as_of", Message("as known on")),
        provisional="provisional" in given,
    )
    carried = {name: given[name] for name in ("year", "as_of", "through") if name in given}
    return PageQuery(lang, scores, carried | ({"provisional": "1"} if scores.provisional else {}))
