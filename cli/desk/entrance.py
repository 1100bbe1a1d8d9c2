"""Sign in and out, and open the first account of a ledger."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cli.desk.accounts import check_twice
from cli.desk.attempts import TooManyAttemptsError
from cli.desk.forms import Fields, read_form
from cli.desk.key_requests import make_key
from cli.desk.sessions import LONGEST, is_same, new_token
from cli.language.translating import translator
from cli.output import remark
from cli.pages.query import LANGUAGES, ForbiddenError, MissingError
from cli.pages.rendering import environment
from ledger.accounts import account_id
from ledger.errors import TallyError
from ledger.integrity.errors import KeyFileError
from ledger.message import Message, message_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from cli.desk.app import DeskPages
    from cli.desk.key_requests import KeyRequest
    from cli.desk.place import Place
    from cli.desk.sessions import SignedIn
    from cli.pages.workload import Workload
    from ledger.account_proofs import AccountKey
    from ledger.accounts import AccountState

Made = TypeVar("Made")

_FORM_SECONDS: Final = 60 * 60

_MOST_UNLOCKING: Final = 20
"""Attempts to sign in that may wait; each takes 64 MiB and a tenth of a second in its turn."""


class _WrongError(TallyError):
    """The name or the passphrase is wrong; which one is not told."""

    def __init__(self) -> None:
        super().__init__(Message("the name or the passphrase is wrong"))


class Entrance:
    """The pages of those who are not signed in."""

    def __init__(
        self,
        pages: DeskPages,
        workload: Workload,
        place: Place,
        setup: str | None,
    ) -> None:
        """Take what the desk is made of; see `cli.desk.app.application`."""
        self._pages, self._workload, self._sessions = pages, workload, pages.kept.sessions
        self._place, self._setup = place, setup
        self._attempts, self._unlocking = pages.kept.attempts, ThreadPoolExecutor(1, "unlocking")
        self._waiting = 0

    @property
    def _form_cookie(self) -> str:
        """Return the cookie of the token of the sign-in form, which no session can hold yet."""
        return f"{self._sessions.cookie}_form"

    def routes(self) -> list[Route]:
        """Return the addresses of the entrance."""
        return [
            Route("/sign-in", self.sign_in, methods=["GET", "POST"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/setup", self.set_up, methods=["GET", "POST"]),
            Route("/ask", self.ask, methods=["GET", "POST"]),
        ]

    def redirect(self, request: Request) -> Response:
        """Lead who is not signed in to where one signs in, and back from there."""
        path = request.url.path
        query = {"next": path if request.method == "GET" and path != "/" else "", **_lang(request)}
        if query["next"] and request.url.query:
            query["next"] += f"?{request.url.query}"
        to = self._to("/sign-in", **query)
        response = RedirectResponse(to, HTTPStatus.SEE_OTHER)
        self._forget(response)
        return response

    async def sign_in(self, request: Request) -> Response:
        """Show the form to sign in; begin a session if the passphrase is right."""
        if request.method != "POST":
            accounts = await self._workload.run(request, self._accounts)
            if not accounts:
                return RedirectResponse(self._to("/setup", **_lang(request)), HTTPStatus.SEE_OTHER)
            return self._page(request, "desk/sign_in.html")
        fields, _ = await read_form(request, signed_in=False)
        self._check_form(request, fields)
        name, address = fields.one("name").strip(), self._address(request)
        try:
            signed_in = await self._sign_in(request, name, fields.one("passphrase"), address)
        except TooManyAttemptsError as error:
            response = self._page(request, "desk/sign_in.html", error, name=name)
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
            response.headers["retry-after"] = str(error.seconds)
            return response
        except _WrongError as error:
            response = self._page(request, "desk/sign_in.html", error, name=name)
            response.status_code = HTTPStatus.UNAUTHORIZED
            return response
        return self._begin(signed_in, request, _inside(request.query_params.get("next", "")))

    async def _sign_in(
        self, request: Request, name: str, passphrase: str, address: str
    ) -> SignedIn:
        identity = account_id(name)
        self._attempts.check(identity, address)
        accounts = await self._workload.run(request, self._accounts)
        account = accounts.get(identity)
        if account is not None and account.closed is not None:
            account = None
        self._check_room()
        # Counted before it is known, so that attempts at the same time count too.
        self._attempts.fail(identity, address)
        key = await self._stretching(partial(self._unlocked, account, passphrase))
        self._attempts.succeed(identity, address)
        return self._sessions.open(identity, key)

    async def _stretching(self, compute: Callable[[], Made]) -> Made:
        """Return what a function computes that stretches a passphrase, one at a time.

        Raises:
            TooManyAttemptsError: too many wait.
        """
        self._check_room()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._unlocking, compute)
        finally:
            self._waiting -= 1

    def _check_room(self) -> None:
        """Refuse to stretch a passphrase while too many wait.

        Raises:
            TooManyAttemptsError: too many do.
        """
        if self._waiting >= _MOST_UNLOCKING:
            raise TooManyAttemptsError(1)

    def _unlocked(self, account: AccountState | None, passphrase: str) -> AccountKey:
        """Return an account's key; for no account, take as long as for one."""
        from ledger.integrity.account_keys import load_key, spend  # noqa: PLC0415 - slow to import

        if account is None:
            spend(passphrase)
            raise _WrongError
        url = self._pages.books.url
        try:
            return load_key(url, account, passphrase)
        except KeyFileError as error:
            # To who runs the desk: a missing key is not for strangers to know of.
            remark("sign-in of {name} failed: {why}", name=account.name, why=message_of(error))
            raise _WrongError from None

    def _accounts(self) -> dict[str, AccountState]:
        self._pages.books.catch_up()
        return self._pages.books.session.ledger.signing.accounts()

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        signed_in = self._sessions.find(request.cookies.get(self._sessions.cookie, ""))
        if signed_in is not None:
            fields, _ = await read_form(request, signed_in=False)
            if not is_same(fields.one("csrf"), signed_in.csrf):
                raise ForbiddenError(Message("the form is of an earlier session"))
            self._sessions.close(signed_in)
        response = RedirectResponse(self._to("/sign-in", **_lang(request)), HTTPStatus.SEE_OTHER)
        self._forget(response)
        return response

    async def set_up(self, request: Request) -> Response:
        """Open the first account, a verifier's, by the token that the desk printed as it began."""
        given = request.query_params.get("token", "")
        accounts = await self._workload.run(request, self._accounts)
        if self._setup is None or accounts:
            raise MissingError(Message("There is no page at this address."))
        if not is_same(given, self._setup):
            raise ForbiddenError(
                Message(
                    "this ledger has no accounts yet: open the address with a token that the desk "
                    "printed as it began, or run `tally account add NAME --role verifier`"
                )
            )
        if request.method != "POST":
            return self._page(request, "desk/setup.html")
        fields, _ = await read_form(request, signed_in=False)
        self._check_form(request, fields)
        try:
            signed_in = await self._workload.run(request, partial(self._found, fields))
        except TallyError as error:
            response = self._page(request, "desk/setup.html", error, name=fields.one("name"))
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            return response
        return self._begin(signed_in, request, "")

    def _found(self, fields: Fields) -> SignedIn:
        """Open the first account and begin its session."""
        from cli.desk.accounts import open_account  # noqa: PLC0415 - once in a ledger's life

        name = fields.one("name").strip()
        passphrases = fields.one("passphrase"), fields.one("again")
        key = open_account(self._pages.books, name, passphrases)
        return self._sessions.open(account_id(name), key)

    async def ask(self, request: Request) -> Response:
        """Make a key for who wants an account, or another key; a verifier puts it on the record."""
        if request.method != "POST":
            return self._page(request, "desk/ask.html")
        fields, _ = await read_form(request, signed_in=False)
        self._check_form(request, fields)
        try:
            asked = await self._asked(request, fields)
        except TallyError as error:
            response = self._page(request, "desk/ask.html", error, name=fields.one("name"))
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
            if isinstance(error, TooManyAttemptsError):
                response.status_code = HTTPStatus.TOO_MANY_REQUESTS
                response.headers["retry-after"] = str(error.seconds)
            return response
        # The name as it was typed: that of the record would tell that there is such an account.
        return self._page(request, "desk/asked.html", name=fields.one("name"), key=asked.key)

    async def _asked(self, request: Request, fields: Fields) -> KeyRequest:
        kept, name, passphrase = self._pages.kept, fields.one("name"), fields.one("passphrase")
        check_twice(passphrase, fields.one("again"))
        kept.requests.check_room()
        kept.asked.check(account_id(name), self._address(request))
        kept.asked.fail(account_id(name), self._address(request))
        accounts = await self._workload.run(request, self._accounts)
        if not accounts:
            raise MissingError(Message("There is no page at this address."))
        url = self._pages.books.url
        made = await self._stretching(partial(make_key, url, accounts, name, passphrase))
        return kept.requests.add(*made)

    def _begin(self, signed_in: SignedIn, request: Request, to: str) -> Response:
        query = {} if "?" in to else _lang(request)
        response = RedirectResponse(self._to(to or "/today", **query), HTTPStatus.SEE_OTHER)
        cookie = self._sessions.signed(signed_in.id)
        self._set_cookie(response, self._sessions.cookie, cookie, LONGEST)
        return response

    def _page(
        self, request: Request, template: str, error: TallyError | None = None, **values: Any
    ) -> Response:
        language = request.query_params.get("lang", self._pages.language)
        translate = translator(language if language in LANGUAGES else "en")
        token = new_token()
        html = (
            environment()
            .get_template(template)
            .render(
                translate=translate,
                prefix=self._place.prefix,
                action=self._to(request.url.path, **dict(request.query_params)),
                token=token,
                message=[] if error is None else [*map(translate, error.sentences())],
                **{"name": "", **values},
            )
        )
        response = HTMLResponse(html, headers={"content-language": translate.tag})
        self._set_cookie(response, self._form_cookie, self._sessions.signed(token), _FORM_SECONDS)
        return response

    def _check_form(self, request: Request, fields: Fields) -> None:
        """Refuse a form that no page of the desk in this browser has."""
        kept = request.cookies.get(self._form_cookie, "")
        token = self._sessions.unsigned(kept, _FORM_SECONDS)
        if token is None or not is_same(token, fields.one("csrf")):
            raise ForbiddenError(
                Message("the form is too old, or the browser keeps no cookies; open it again")
            )

    def _set_cookie(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            name,
            value,
            max_age=seconds,
            path=self._place.prefix or "/",
            secure=self._place.secure,
            httponly=True,
            samesite="strict",
        )

    def _forget(self, response: Response) -> None:
        response.delete_cookie(self._sessions.cookie, path=self._place.prefix or "/", httponly=True)

    def _address(self, request: Request) -> str:
        """Return the address of the browser; behind a proxy, the one that the proxy saw."""
        if self._place.origin:
            # The proxy appends it; what stands before it, the browser may have written.
            seen = ",".join(request.headers.getlist("x-forwarded-for")).rpartition(",")[2].strip()
            if seen:
                return seen[:64]
        return request.client.host if request.client is not None else ""

    def _to(self, path: str, /, **query: str) -> str:
        given = {name: value for name, value in query.items() if value}
        return f"{self._place.prefix}{path}" + (f"?{urlencode(given)}" if given else "")


def _inside(to: str) -> str:
    """Return an address if it is one of the desk's own; else an empty text."""
    return to if to.startswith("/") and not to.startswith(("//", "/\\")) else ""


def _lang(request: Request) -> dict[str, str]:
    language = request.query_params.get("lang", "")
    return {"lang": language} if language in LANGUAGES else {}
