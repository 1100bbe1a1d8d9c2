"""The server's application: route addresses to pages, and errors to pages that explain them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from json import dumps
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from cli.language import default_language
from cli.language.translating import translator
from cli.options import OptionError
from cli.pages.books import PATIENCE, Books
from cli.pages.errors import SOON, Asked, error_response
from cli.pages.links import ServerLinks
from cli.pages.query import parameter_name, parse_parameter, parse_query
from cli.pages.rendering import STATIC, render_page, render_work
from cli.pages.security import SecurityMiddleware
from cli.pages.views.audit import audit_page
from cli.pages.views.bulletins import bulletin_page, edition_number
from cli.pages.views.clauses import clause_page, clauses_page
from cli.pages.views.corrections import corrections_page
from cli.pages.views.costs import costs_page
from cli.pages.views.differences import compare, differences_page
from cli.pages.views.entries import entry_page
from cli.pages.views.margins import margins_page
from cli.pages.views.measure import measure_page
from cli.pages.views.open_points import open_page
from cli.pages.views.overview import overview_page
from cli.pages.views.page import Page, PageContext
from cli.pages.views.ranking import ranking_page
from cli.pages.views.search import Search, search_page
from cli.pages.views.sensitivity import sensitivity_page
from cli.pages.views.units import period_page, unit_page
from cli.pages.workload import Workload
from cli.parameters.times import PERIOD
from cli.session import number_of
from ledger.errors import StoreError, TallyError
from ledger.integrity.proof import as_json, prove_in
from ledger.message import Message
from projections.adopted import Measures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from cli.pages.links import Above
    from cli.pages.query import PageQuery
    from cli.pages.rendering import Frame
    from cli.parameters.times import Period
    from cli.session import Session

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

_DIFFERENCES, _SEARCH, _PROOF = "/differences", "/search", "/proof"

_ATTEMPTS = 3
"""Attempts to make a page while another ledger takes the place of the one that is open."""


def _required(parameters: Mapping[str, str], name: str) -> str:
    """Return a parameter of an address.

    Raises:
        OptionError: it is missing.
    """
    value = parameters.get(name, "").strip()
    if not value:
        raise OptionError(
            parameter_name(name), Message("is missing from the address; write ?{name}=…", name=name)
        )
    return value


def _period(parameters: Mapping[str, str]) -> Period:
    return parse_parameter(PERIOD, _required(parameters, "period"), "period")


def _ranking_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    names = ("type", "group", "flag", "q")
    type_, group, flag, text = (parameters.get(name, "") for name in names)
    return ranking_page(context, type_, group, flag, text.strip())


def _period_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    period = _period(parameters)
    number = number_of(period, context.data.measure, "period")
    if number is None:
        words = Message("{period} is a year; name a period of it", period=str(period))
        raise OptionError("period", words)
    return period_page(context, _required(parameters, "unit"), number)


def _bulletin_page(context: PageContext, parameters: Mapping[str, str]) -> Page:
    number = edition_number(parameters.get("number", "").strip())
    return bulletin_page(context, _period(parameters), number, parameters)


PAGES: dict[str, Callable[[PageContext, Mapping[str, str]], Page]] = {
    "/": lambda context, _: overview_page(context),
    "/ranking": _ranking_page,
    "/unit": lambda context, parameters: unit_page(context, _required(parameters, "id")),
    "/period": _period_page,
    "/entry": lambda context, parameters: entry_page(context, _required(parameters, "id")),
    "/margins": lambda context, _: margins_page(context),
    "/sensitivity": lambda context, _: sensitivity_page(context),
    "/open": lambda context, parameters: open_page(context, parameters.get("flag", "")),
    "/clauses": lambda context, _: clauses_page(context),
    "/measure": lambda context, _: measure_page(context),
    "/clause": lambda context, parameters: clause_page(context, _required(parameters, "id")),
    "/bulletin": _bulletin_page,
    "/corrections": corrections_page,
    "/costs": costs_page,
    "/audit": audit_page,
}
"""By address, the function that makes the page. `/differences` is apart, as it has two states;
`/search` and `/proof` too, as they need no scores."""

PATHS = (*PAGES, _DIFFERENCES, _SEARCH, _PROOF)
"""The addresses of all pages of scores."""

Made = TypeVar("Made")


class Pages:
    """The pages of one ledger."""

    HOME: ClassVar[str] = "/"
    """The path of the page to start from."""

    def __init__(
        self,
        session: Session,
        language: str | None = None,
        prefix: str = "",
        above: Sequence[Above] = (),
    ) -> None:
        """Take an open session.

        Args:
            session: the session, which one thread at a time may use.
            language: of addresses that name none.
            prefix: of the path of every address.
            above: the pages of the region that lead to this ledger.
        """
        self.books = Books(session)
        self.language = language or default_language()
        self.prefix, self._above = prefix, above

    def answer(
        self, path: str, parameters: Mapping[str, str], desk: Frame | None = None
    ) -> Response:
        """Return the answer to an address, all of one ledger.

        Args:
            path: the path.
            parameters: of the address.
            desk: what the desk shows around the page.

        Raises:
            TallyError: the address is malformed, or names something that does not exist.
        """
        return self.read(partial(self._answer, path, parameters, desk))

    def read(self, make: Callable[[], Made]) -> Made:
        """Return what a function reads, all of one ledger: it is called again if that changed.

        Raises:
            StoreError: the ledger is being replaced again and again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                made = make()
            except Exception:
                # What failed may have been read of two ledgers.
                if attempt == _ATTEMPTS or not self.books.is_replaced():
                    raise
            else:
                if not self.books.is_replaced():
                    return made
        raise StoreError(Message("the ledger is being replaced by another one; try again"))

    def _answer(self, path: str, parameters: Mapping[str, str], desk: Frame | None) -> Response:
        of_year = parameters
        if path in {"/period", "/bulletin"}:
            of_year = {**parameters, "year": str(_period(parameters).year)}
        query = parse_query(of_year, self.language)
        carried = query.carried
        if parameters.get("lang"):
            carried = {**carried, "lang": query.language}
        own = {name: value for name, value in parameters.items() if name not in query.carried}
        links = self._links(path, own, carried)
        if path == _PROOF:
            return self._proof(_required(parameters, "id"), query, links, desk)
        if path == _SEARCH:
            return self._search(parameters.get("q", "").strip(), query, links, desk)
        start, end = (parameters.get(name, "").strip() for name in ("from", "to"))
        comparison = None
        if path == _DIFFERENCES and start:
            comparison = compare(self.books, start, end, query)
        data = self.books.year_data(query.scores) if comparison is None else comparison.after
        only = None if desk is None else desk.unit
        context = PageContext(data, links, translator(query.language), only, PATIENCE)
        if path == _DIFFERENCES:
            page = differences_page(context, comparison, start, end)
        else:
            page = PAGES[path](context, parameters)
        form = self._form_values(path, page, carried)
        return HTMLResponse(render_page(page, context, form=form, desk=desk))

    def _proof(
        self, subject: str, query: PageQuery, links: ServerLinks, desk: Frame | None
    ) -> Response:
        """Return the file that proves by the last checkpoint that an entry is in the ledger."""
        self.books.catch_up()
        begun = self.books.proven_tree()
        tree = begun.value(PATIENCE)
        if tree is None:
            translate = translator(query.language)
            title = translate("Proof that it is in the ledger")
            values = {"done": begun.done, "steps": begun.steps, "again": links.here()}
            page = Page("computing.html", title, values=values)
            return HTMLResponse(
                render_work(page, links, translate, None, desk),
                HTTPStatus.SERVICE_UNAVAILABLE,
                {"retry-after": SOON},
            )
        proof = as_json(prove_in(tree, self.books.session.ledger.store, subject))
        name = quote(f"{subject}.proof.json", safe="")
        return Response(
            dumps(proof, ensure_ascii=False),
            media_type="application/json",
            headers={"content-disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    def _search(
        self, text: str, query: PageQuery, links: ServerLinks, desk: Frame | None
    ) -> Response:
        """Return the results for a text, or lead to what it names; a year need not be scored."""
        self.books.catch_up()
        session, scores = self.books.session, query.scores
        point = self.books.point(scores.as_of, Message("as known on"))
        measures, year = Measures(session.adopted(point.position).adoptions), scores.year
        if year is None and measures.years(provisional=True):
            year = self.books.latest(point)
        only = None if desk is None else desk.unit
        translate = translator(query.language)
        search = Search(
            session, measures, year, point.position, scores.provisional, links, translate, only
        )
        page = search_page(search, text)
        if page.lead_to:
            return RedirectResponse(page.lead_to, HTTPStatus.SEE_OTHER)
        return HTMLResponse(render_work(page, links, translate, search.measure, desk))

    def _form_values(self, path: str, page: Page, carried: Mapping[str, str]) -> dict[str, Any]:
        """Return the values of the forms, with the parameters that they must keep."""
        kept = {name: value for name, value in carried.items() if name in {"year", "lang"}}
        newest = {name: value for name, value in carried.items() if name != "as_of"}
        return {
            "path": self.prefix + path,
            "hidden": [*page.parameters.items(), *kept.items()],
            "carried": list(carried.items()),
            "as_of": carried.get("as_of", ""),
            "through": carried.get("through", ""),
            "newest": self._links(path, page.parameters, newest).here(),
        }

    def error_response(self, request: Request, error: Exception, path: str = "") -> Response:
        """Return a page that says what is wrong and what to do.

        Args:
            request: the request.
            error: why it was not answered.
            path: that was asked for, without the prefix; by default that of the request.
        """
        asked = Asked(
            path or request.url.path,
            request.query_params,
            self.language,
            self.prefix,
            self._above,
        )
        return error_response(asked, error, self.HOME)

    def _links(self, path: str, own: Mapping[str, str], carried: Mapping[str, str]) -> ServerLinks:
        return ServerLinks(path, own, carried, self.prefix, self._above)


def application(
    session: Session, *, hosts: frozenset[str] = LOOPBACK, language: str | None = None
) -> SecurityMiddleware:
    """Return the application on an open session.

    Pages are computed one at a time, on a thread of their own: a session has one connection.

    Args:
        session: the session; it must stay open.
        hosts: the host names that the server answers to.
        language: the language of addresses that name none; by default the locale's.
    """
    pages, workload = Pages(session, language), Workload()

    async def answer(request: Request) -> Response:
        compute = partial(pages.answer, request.url.path, request.query_params)
        return await workload.run(request, compute)

    routes = [Route(path, answer) for path in PATHS]
    return SecurityMiddleware(server(pages.error_response, workload, routes), hosts)


def static_files() -> Mount:
    """Return the route of the style sheet, the script and the icon."""
    return Mount("/static", StaticFiles(directory=STATIC))


def server(
    error_page: Callable[[Request, Exception], Response],
    workload: Workload,
    routes: Sequence[BaseRoute],
) -> Starlette:
    """Return an application of some routes: errors become pages, files are served beside them."""

    async def refuse(request: Request, error: Exception) -> Response:
        return error_page(request, error)

    async def gone(_: Request, __: Exception) -> Response:
        return Response(status_code=HTTPStatus.REQUEST_TIMEOUT)  # nobody reads it

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        workload.close()

    return Starlette(
        lifespan=lifespan,
        routes=[*routes, static_files()],
        exception_handlers={
            ClientDisconnect: gone,
            TallyError: refuse,
            HTTPException: refuse,
            Exception: refuse,
        },
    )
