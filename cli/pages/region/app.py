"""The server's application for a region: its own pages, and those of every town's ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

from cli.language import default_language
from cli.language.translating import translator
from cli.pages.app import LOOPBACK, PATHS, server, static_files
from cli.pages.books import PATIENCE
from cli.pages.errors import Asked, error_response
from cli.pages.links import ServerLinks
from cli.pages.query import parse_query
from cli.pages.region.divisions import division_of, level, levels
from cli.pages.region.views import RegionContext, computing_page, divisions_page, units_page
from cli.pages.rendering import render_work
from cli.pages.security import SecurityMiddleware
from cli.pages.workload import Workload
from cli.region_question import year_question
from ledger.message import Message
from projections.region.messages import ScoreQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from cli.pages.region.answers import AskedTowns
    from cli.pages.region.open_towns import OpenTowns
    from cli.pages.views.page import Page

_PAGES: dict[str, Callable[[RegionContext, str], Page]] = {
    "/": lambda context, _: divisions_page(context),
    "/units": units_page,
}
"""By address, the function that makes the page of a context and the part of a list."""

_OWN = ("in", "by", "part")


class RegionPages:
    """The pages of a region."""

    def __init__(
        self,
        asked: AskedTowns,
        towns: OpenTowns,
        language: str,
        year: int | None = None,
        digits: int | None = None,
    ) -> None:
        """Take the towns.

        Args:
            asked: the towns, to be compared.
            towns: the same, each with its own pages.
            language: of addresses that name none.
            year: of addresses that name none; None for each ledger's latest.
            digits: of the divisions on the first page; by default those that divide the region.
        """
        self._asked, self._towns, self._language = asked, towns, language
        self._year = {} if year is None else {"year": str(year)}
        self._digits = digits

    def answer(self, path: str, parameters: Mapping[str, str]) -> Response:
        """Return a page of the region.

        Raises:
            TallyError: the address is malformed, or no town can be asked.
        """
        given = {name: text.strip() for name, text in parameters.items() if text.strip()}
        query = parse_query({**self._year, **given}, self._language)
        carried = {**query.carried, **({"lang": query.language} if "lang" in given else {})}
        links = ServerLinks(path, {one: given[one] for one in _OWN if one in given}, carried)
        question = year_question(ScoreQuestion, query.scores, as_of=Message("as known on"))
        region = self._asked.region
        division = division_of(region, given.get("in", ""))
        known = levels(region, division.prefix)
        digits = level(given.get("by", ""))
        if digits is None or digits <= len(division.prefix):
            first = None if division.prefix else self._digits
            digits = first or known[0]
        found = self._asked.answers(question)
        translate = translator(query.language)
        context = RegionContext(
            region, division, digits, known, links, translate, question, found.value(PATIENCE)
        )
        if context.answers is None:
            page = computing_page(context, found)
        else:
            page = _PAGES[path](context, given.get("part", ""))
        return HTMLResponse(render_work(page, links, translate, None, None))

    def answer_town(self, code: str, path: str, parameters: Mapping[str, str]) -> Response:
        """Return a page of a town's own.

        Raises:
            TallyError: there is no such town, its ledger cannot be read, or the address is wrong.
        """
        return self._towns.pages(code, self._language).answer(path, parameters)

    def error_page(self, request: Request, error: Exception) -> Response:
        """Return a page that says what is wrong, of the region or of a town that is open."""
        code = request.path_params.get("code", "")
        town = self._towns.find(code)
        if town is not None:
            return town.error_response(request, error, _own_path(request))
        above = self._towns.leading(code)
        asked = Asked(request.url.path, request.query_params, self._language, above=above)
        return error_response(asked, error, "/", has_search=False)


def _own_path(request: Request) -> str:
    """Return the path of a town's page without the prefix of the town."""
    return request.url.path.removeprefix(f"/town/{request.path_params['code']}")


def region_application(
    asked: AskedTowns,
    towns: OpenTowns,
    *,
    hosts: frozenset[str] = LOOPBACK,
    language: str | None = None,
    year: int | None = None,
    digits: int | None = None,
) -> SecurityMiddleware:
    """Return the application on a region; see `RegionPages`.

    Args:
        asked: the towns, to be compared.
        towns: the same, each with its own pages; they must stay open.
        hosts: the host names that the server answers to.
        language: of addresses that name none; by default the locale's.
        year: of addresses that name none.
        digits: of the divisions on the first page.
    """
    pages = RegionPages(asked, towns, language or default_language(), year, digits)
    workload = Workload()

    async def answer(request: Request) -> Response:
        compute = partial(pages.answer, request.url.path, request.query_params)
        return await workload.run(request, compute)

    async def answer_town(request: Request) -> Response:
        code, path = request.path_params["code"], _own_path(request)
        return await workload.run(
            request, partial(pages.answer_town, code, path, request.query_params)
        )

    own = [*(Route(path, answer_town) for path in PATHS), static_files()]
    routes = [*(Route(path, answer) for path in _PAGES), Mount("/town/{code}", routes=own)]
    return SecurityMiddleware(server(pages.error_page, workload, routes), hosts)
