"""The server's application: addresses to pages, refusals to pages that say what to do."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from cli.language import default_language
from cli.options import OptionError
from cli.pages.books import Books
from cli.pages.links import ServerLinks
from cli.pages.query import LANGUAGES, MissingError, asked, parsed
from cli.pages.rendering import render_error, render_page
from cli.pages.security import Guard
from cli.pages.translation import speech
from cli.pages.views.clauses import clause_page, clauses_page
from cli.pages.views.differences import compare, differences_page
from cli.pages.views.entries import entry_page
from cli.pages.views.open_points import open_page
from cli.pages.views.page import Desk, Page
from cli.pages.views.ranking import ranking_page
from cli.pages.views.units import quarter_page, unit_page
from cli.parameters.times import QUARTER
from ledger.errors import DamagedLedgerError, StoreError, TallyError
from ledger.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from cli.pages.query import Asked
    from cli.session import Session

STATIC = Path(__file__).parent / "static"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_PHRASES: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: Message("Bad Request"),
    HTTPStatus.NOT_FOUND: Message("Not Found"),
    HTTPStatus.INTERNAL_SERVER_ERROR: Message("Internal Server Error"),
    HTTPStatus.SERVICE_UNAVAILABLE: Message("Service Unavailable"),
}
"""Titles of pages that refuse."""


def _needed(given: Mapping[str, str], name: str) -> str:
    found = given.get(name, "").strip()
    if not found:
        raise OptionError(name, Message("is missing from the address; write ?{name}=…", name=name))
    return found


def _quarter(desk: Desk, given: Mapping[str, str]) -> Page:
    quarter = parsed(QUARTER, _needed(given, "quarter"), "quarter")
    return quarter_page(desk, _needed(given, "unit"), quarter.number)


def _ranking(desk: Desk, given: Mapping[str, str]) -> Page:
    kind, flag, text = (given.get(name, "") for name in ("type", "flag", "q"))
    return ranking_page(desk, kind, flag, text.strip())


PAGES: dict[str, Callable[[Desk, Mapping[str, str]], Page]] = {
    "/": _ranking,
    "/unit": lambda desk, given: unit_page(desk, _needed(given, "id")),
    "/quarter": _quarter,
    "/entry": lambda desk, given: entry_page(desk, _needed(given, "id")),
    "/open": lambda desk, given: open_page(desk, given.get("flag", "")),
    "/clauses": lambda desk, _: clauses_page(desk),
    "/clause": lambda desk, given: clause_page(desk, _needed(given, "id")),
}
"""By address: what makes the page. The differences have two states and stand apart."""


class Pages:
    """The pages of one ledger. Each is made in one go, so that one request waits for another."""

    def __init__(self, session: Session, language: str | None = None) -> None:
        """On an open session; in the reader's language unless an address names another."""
        self._books = Books(session)
        self._language = language or default_language()

    def answer(self, path: str, given: Mapping[str, str]) -> str:
        """The HTML of an address.

        Raises:
            TallyError: what the address asks for is not there, or means nothing.
        """
        choices = asked(self._with_year(path, given), self._language)
        if path == "/differences":
            start, end = given.get("from", "").strip(), given.get("to", "").strip()
            found = compare(self._books, start, end, choices) if start else None
            view = found.after if found is not None else self._books.view(choices.query)
            desk = self._desk(path, given, choices, view)
            page = differences_page(desk, found, start, end)
        else:
            view = self._books.view(choices.query)
            desk = self._desk(path, given, choices, view)
            page = PAGES[path](desk, given)
        return render_page(page, desk, form=_form(path, page, given, choices))

    @staticmethod
    def _with_year(path: str, given: Mapping[str, str]) -> Mapping[str, str]:
        """A quarter names its year itself."""
        if path != "/quarter":
            return given
        quarter = parsed(QUARTER, _needed(given, "quarter"), "quarter")
        return {**given, "year": str(quarter.year)}

    def _desk(self, path: str, given: Mapping[str, str], choices: Asked, view: Any) -> Desk:
        own = {name: told for name, told in given.items() if name not in choices.carried}
        return Desk(
            view,
            ServerLinks(path, own, _carried(given, choices)),
            speech(choices.language),
        )

    def refused(self, request: Request, error: Exception) -> Response:
        """A page for what could not be answered."""
        named = request.query_params.get("lang", self._language)
        say = speech(named if named in LANGUAGES else "en")
        status = _status(error)
        if isinstance(error, TallyError):
            message = "\n".join(map(say, error.sentences()))
        elif status == HTTPStatus.NOT_FOUND:
            message = say("There is no page of that address.")
        else:
            message = say("This is a fault of the program, not of what you asked for.")
        title = say(_PHRASES.get(status) or HTTPStatus(status).phrase)
        html = render_error(status, title, message, say, "/static", "/")
        return HTMLResponse(html, status, {"content-language": say.tag})


def _carried(given: Mapping[str, str], choices: Asked) -> dict[str, str]:
    carried = choices.carried
    return {**carried, "lang": choices.language} if given.get("lang") else carried


def _form(path: str, page: Page, given: Mapping[str, str], choices: Asked) -> dict[str, Any]:
    """The fields that every page of the server has, and what they must not lose."""
    carried = _carried(given, choices)
    kept = {name: told for name, told in carried.items() if name in {"year", "lang"}}
    now = {name: told for name, told in carried.items() if name != "as_of"}
    return {
        "path": path,
        "hidden": [*page.own.items(), *kept.items()],
        "carried": list(carried.items()),
        "as_of": carried.get("as_of", ""),
        "through": carried.get("through", ""),
        "now": ServerLinks(path, page.own, now).here(),
    }


def _status(error: Exception) -> int:
    if isinstance(error, MissingError):
        return HTTPStatus.NOT_FOUND
    if isinstance(error, HTTPException):
        return error.status_code
    if isinstance(error, StoreError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    if isinstance(error, TallyError) and not isinstance(error, DamagedLedgerError):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.INTERNAL_SERVER_ERROR


def application(
    session: Session, *, hosts: frozenset[str] = LOOPBACK, language: str | None = None
) -> Guard:
    """The application on an open session, for requests under these names of this machine.

    Answers are made on the event loop's own thread: one at a time, on one connection.
    """
    pages = Pages(session, language)

    async def answer(request: Request) -> Response:
        return HTMLResponse(pages.answer(request.url.path, request.query_params))

    async def refuse(request: Request, error: Exception) -> Response:
        return pages.refused(request, error)

    routes = [Route(path, answer) for path in (*PAGES, "/differences")]
    made = Starlette(
        routes=[*routes, Mount("/static", StaticFiles(directory=STATIC))],
        exception_handlers={TallyError: refuse, HTTPException: refuse, Exception: refuse},
    )
    return Guard(made, hosts)
