"""Pages that say what is wrong with a request, and what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from cli.language.translating import translator
from cli.pages.links import ServerLinks
from cli.pages.query import LANGUAGES, PageError
from cli.pages.rendering import render_error
from ledger.errors import DamagedLedgerError, NotALedgerError, StoreError, TallyError
from ledger.message import Message
from projections.adopted import NoMeasureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from cli.pages.links import Above

_PHRASES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: Message("Bad Request"),
    HTTPStatus.FORBIDDEN: Message("Forbidden"),
    HTTPStatus.NOT_FOUND: Message("Not Found"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Message("Too large"),
    HTTPStatus.INTERNAL_SERVER_ERROR: Message("Internal Server Error"),
    HTTPStatus.SERVICE_UNAVAILABLE: Message("Service Unavailable"),
}
"""Titles of error pages."""

SOON = "2"
"""Seconds after which a page that could not be made may be asked for again."""


class Asked(NamedTuple):
    """An address that cannot be answered."""

    path: str
    """Without the prefix."""
    parameters: Mapping[str, str]
    language: str
    """Of addresses that name none."""
    prefix: str = ""
    """Of the path of every address."""
    above: Sequence[Above] = ()
    """The pages of the region that lead to the ledger."""


def error_response(
    asked: Asked, error: Exception, home: str, *, has_search: bool = True
) -> Response:
    """Return a page that says what is wrong and what to do.

    Args:
        asked: what was asked for.
        error: why it was not answered.
        home: the path to start again from.
        has_search: whether there is a page `/search`.
    """
    language, prefix = asked.parameters.get("lang", asked.language), asked.prefix
    translate = translator(language if language in LANGUAGES else "en")
    status = _status(error)
    if isinstance(error, TallyError):
        message = "\n".join(map(translate, error.sentences()))
    elif status in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        message = translate("There is no page at this address.")
    else:
        message = translate("This is an error in the program, not in your request.")
    title = translate(_PHRASES.get(status) or HTTPStatus(status).phrase)
    carried = {"lang": language} if asked.parameters.get("lang") in LANGUAGES else {}
    newest = ""
    is_page = isinstance(error, TallyError)  # an address of no page may be //of.another/host
    if status == HTTPStatus.NOT_FOUND and is_page and asked.parameters.get("as_of"):
        own = {one: text for one, text in asked.parameters.items() if one != "as_of"}
        newest = ServerLinks(asked.path, own, {}, prefix).here()
    html = render_error(
        status,
        title,
        message,
        translate,
        above=ServerLinks(asked.path, {}, carried, above=asked.above).above,
        search=f"{prefix}/search" if has_search else "",
        prefix=prefix,
        home=f"{prefix}{home}{'?lang=' + language if carried else ''}",
        carried=carried,
        newest=newest,
    )
    headers = {"content-language": translate.tag}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = SOON
    return HTMLResponse(html, status, headers)


def _status(error: Exception) -> int:
    if isinstance(error, PageError):
        return error.STATUS
    if isinstance(error, NoMeasureError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, StoreError | NotALedgerError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, TallyError) and not isinstance(error, DamagedLedgerError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR
