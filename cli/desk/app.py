"""The desk's application: sign in, route addresses to pages, and carry forms out once."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cli.desk.access import check_page, refuse_page
from cli.desk.entrance import Entrance
from cli.desk.forms import close_files, read_form
from cli.desk.kept import Kept
from cli.desk.pages import BY_PATH, navigation
from cli.desk.papers import take_papers, with_evidence
from cli.desk.sessions import is_same, new_token
from cli.desk.work import OFFICE, Attachment, Desk, Done, Given
from cli.language.translating import translator
from cli.pages.app import PATHS, Pages, server
from cli.pages.links import ServerLinks
from cli.pages.query import ForbiddenError, parse_query
from cli.pages.rendering import Frame, render_work
from cli.pages.security import WORKING, SecurityMiddleware
from cli.pages.workload import Workload
from ledger.errors import EntriesRefusedError, TallyError
from ledger.evidence import Papers
from ledger.message import Message
from projections.adopted import NoMeasureError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request

    from cli.desk.place import Place
    from cli.desk.sessions import SignedIn
    from cli.desk.work import Work
    from cli.pages.views.page import Page
    from cli.session import Session
    from ledger.accounts import AccountState
    from ledger.events import Role
    from projections.measure import Measure

MOST_WAITING = 64
"""Requests that may wait: of an office of 20 people, some with several pages."""


class SignedOutError(TallyError):
    """The session has ended, or its account may not act any more."""

    def __init__(self) -> None:
        super().__init__(Message("you are signed out; sign in again"))


class DeskPages(Pages):
    """The pages of scores and of work, for accounts that are signed in."""

    HOME = "/today"

    def __init__(self, session: Session, language: str | None, prefix: str, kept: Kept) -> None:
        """Answer from an open session, with what is kept in memory; see `Pages`."""
        super().__init__(session, language, prefix)
        self.kept = kept

    def account_of(self, signed_in: SignedIn) -> AccountState:
        """Return the account of a session, as it is now.

        Raises:
            SignedOutError: it was closed, or given another key.
        """
        found = self.books.session.ledger.signing.accounts().get(signed_in.account)
        if found is None or found.closed is not None or found.public != signed_in.key.public:
            raise SignedOutError
        signed_in.role = found.event.role
        return found

    def open(
        self, path: str, parameters: Mapping[str, str], signed_in: SignedIn, origin: str = ""
    ) -> Response:
        """Answer a request that changes nothing.

        Raises:
            SignedOutError: the session's account may not act any more.
            TallyError: the address is malformed, forbidden, or names nothing.
        """
        self.books.catch_up()
        account = self.account_of(signed_in)
        if path in BY_PATH:
            work = BY_PATH[path]
            if account.event.role not in work.readers:
                raise refuse_page(account.event.role)
            given = Given(parameters, origin=origin)

            def make() -> Response:
                desk = self._desk(path, parameters, account, signed_in)
                return self._response(work.show(desk, given), desk)

            return self.read(make)
        check_page(self.books.session, account, path, parameters)
        links = ServerLinks(path, {}, _carried(parameters), self.prefix)
        language = parse_query(parameters, self.language).language
        frame = self._frame(account, signed_in, links, language)
        return self.answer(path, parameters, frame)

    def carry_out(self, path: str, given: Given, signed_in: SignedIn) -> Response:
        """Carry a form out, once: sent again, it only leads to where it led before.

        Raises:
            SignedOutError: the session's account may not act any more.
            TallyError: the role does not allow it.
        """
        self.books.catch_up()
        account, work = self.account_of(signed_in), BY_PATH[path]
        act = _act(account.event.role, work)
        once = given.text("once")
        desk = self._desk(path, given.parameters, account, signed_in)
        before = signed_in.done.get(once)
        if before is not None:
            return self._to(before, given)
        signing = self.books.session.ledger.signing
        try:
            if work.takes_papers:
                # Kept first, so that a form that is refused has them when it is shown again.
                given = with_evidence(given, take_papers(self._papers, given))
            with signing.lent(signed_in.key):
                outcome = act(desk, given)
        except EntriesRefusedError as error:
            refused = given.refused(error.refusals, error.sentences())
            return self._refused(work, refused, account, signed_in)
        except TallyError as error:
            return self._refused(work, given.refused((), error.sentences()), account, signed_in)
        if not isinstance(outcome, Done):
            return self._response(outcome, desk)
        if once:
            signed_in.remember(once, outcome)
        signed_in.notices += outcome.notices
        return self._to(outcome, given)

    def _refused(
        self, work: Work, given: Given, account: AccountState, signed_in: SignedIn
    ) -> Response:
        """Show a form again with its fields and why it was refused."""
        self.books.catch_up()
        desk = self._desk(work.path, given.parameters, account, signed_in)
        response = self._response(work.show(desk, given), desk)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response

    def _to(self, done: Done, given: Given) -> Response:
        carried = _carried(given.parameters)
        path, mark, query = done.to.partition("?")
        more = "&".join(f"{name}={quote(value)}" for name, value in carried.items())
        query = "&".join(filter(None, (query, more)))
        to = f"{self.prefix}{path}{'?' if mark or query else ''}{query}"
        return RedirectResponse(to, HTTPStatus.SEE_OTHER)

    def _desk(
        self,
        path: str,
        parameters: Mapping[str, str],
        account: AccountState,
        signed_in: SignedIn,
    ) -> Desk:
        query = parse_query(
            {name: parameters.get(name, "") for name in ("lang", "year")}, self.language
        )
        carried = _carried(parameters)
        own = {name: value for name, value in parameters.items() if name not in carried}
        links = ServerLinks(path, own, carried, self.prefix)
        translate = translator(query.language)
        return Desk(self.books, self.kept, account, signed_in, links, translate, query.scores.year)

    def _frame(
        self, account: AccountState, signed_in: SignedIn, links: ServerLinks, language: str
    ) -> Frame:
        translate, role = translator(language), account.event.role
        notices, signed_in.notices = signed_in.notices, []
        work = [
            (one.path[1:], links.to(one.path[1:]), translate(label))
            for one, label in navigation(role)
        ]
        sees = role in OFFICE
        tokens, papers = (signed_in.csrf, new_token()), self._papers
        unit = account.event.unit
        if unit is not None:
            unit = self.books.session.loader.of_kinds(("unit",), None).root(unit)
        return Frame(account.name, role, work, sees, *tokens, papers.is_here, notices, unit)

    @property
    def _papers(self) -> Papers:
        return Papers(self.books.url)

    def _response(self, made: Page | Attachment, desk: Desk) -> Response:
        if isinstance(made, Attachment):
            name = quote(made.name)
            disposition = f"attachment; filename*=UTF-8''{name}"
            return Response(
                made.content,
                media_type=made.media,
                headers={"content-disposition": disposition},
            )
        frame = self._frame(desk.account, desk.signed_in, desk.links, desk.translate.language)
        html = render_work(made, desk.links, desk.translate, _measure(desk), frame)
        return HTMLResponse(html)


def _act(role: Role, work: Work) -> Callable[[Desk, Given], Done | Page | Attachment]:
    """Return what carries the form of a page out for a role.

    Raises:
        ForbiddenError: the role may not send it.
    """
    if work.act is None or role not in work.actors:
        raise ForbiddenError(Message("accounts of the role {role} may not do this", role=role))
    return work.act


def _measure(desk: Desk) -> Measure | None:
    """Return the measure of the year; None if it has none."""
    try:
        return desk.measure
    except NoMeasureError:
        return None


def _carried(parameters: Mapping[str, str]) -> dict[str, str]:
    """Return the parameters that links of the desk carry on: the language."""
    return {name: parameters[name] for name in ("lang",) if parameters.get(name)}


def application(
    session: Session,
    place: Place,
    *,
    language: str | None = None,
    setup: str | None = None,
    kept: Kept | None = None,
) -> SecurityMiddleware:
    """Return the desk's application on an open session.

    Everything that reads or writes the ledger is done one at a time on one thread.

    Args:
        session: the session; it must stay open.
        place: where browsers reach it.
        language: of addresses that name none; by default the locale's.
        kept: what is kept in memory; by default nothing yet.
        setup: the token by which the first account may be opened; None refuses that.
    """
    pages = DeskPages(session, language, place.prefix, kept or Kept())
    workload = Workload(MOST_WAITING)
    sessions = pages.kept.sessions
    entrance = Entrance(pages, workload, place, setup)

    async def answer(request: Request) -> Response:
        signed_in = sessions.find(request.cookies.get(sessions.cookie, ""))
        if signed_in is None:
            return entrance.redirect(request)
        path, parameters = request.url.path, dict(request.query_params)
        origin = place.origin or f"{request.url.scheme}://{request.url.netloc}"
        try:
            if request.method != "POST":
                open_page = partial(pages.open, path, parameters, signed_in, origin)
                return await workload.run(request, open_page)
            if signed_in.role is not None:
                # Before the files of the form are taken in, which may be large.
                _act(signed_in.role, BY_PATH[path])
            fields, files = await read_form(request, signed_in=True)
            try:
                if not is_same(fields.one("csrf"), signed_in.csrf):
                    words = Message(
                        "the form is of an earlier session; open the page again and send it"
                    )
                    raise ForbiddenError(words)
                given = Given(parameters, fields, files, origin=origin)
                carry_out = partial(pages.carry_out, path, given, signed_in)
                return await workload.run(request, carry_out)
            finally:
                await close_files(files)
        except SignedOutError:
            sessions.close(signed_in)
            return entrance.redirect(request)

    routes = [
        *entrance.routes(),
        *(Route(path, answer, methods=["GET"]) for path in PATHS),
        *(Route(path, answer, methods=["GET", "POST"]) for path in BY_PATH),
    ]
    headers = {}
    if place.secure:
        # RFC 6797: for a year browsers ask for this host by https alone.
        headers["strict-transport-security"] = "max-age=31536000"
    app = server(pages.error_response, workload, routes)
    return SecurityMiddleware(
        app, place.hosts, WORKING, prefix=place.prefix, origin=place.origin, headers=headers
    )
