"""Middleware of a server: refuse foreign hosts, sites and methods; add security headers."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

READING = ("GET", "HEAD")
"""Methods that change nothing."""

WORKING = (*READING, "POST")
"""Methods of the desk."""

FOREIGN = frozenset({"cross-site", "same-site"})
"""Values of Sec-Fetch-Site on requests that a page of another origin makes; a server
on another port of this machine is of the same site."""

SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`, under which browsers send the Origin of a form as `null`.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Pages show the newest state of the ledger, which can change at any time.
    "cache-control": "no-store",
}


def host_name(header: str) -> str:
    """Return the name in a Host header, without its port: `[::1]:8000` → `::1`."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


class SecurityMiddleware:
    """Answers only requests by known methods under known host names, and none of another site.

    The images of a foreign page could otherwise keep the server busy. Checking the Host header
    prevents DNS rebinding: a foreign page whose name resolves to this machine sends its own name
    as Host.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: frozenset[str],
        methods: Sequence[str] = READING,
        prefix: str = "",
        origin: str = "",
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Wrap an application.

        Args:
            app: the application.
            hosts: the host names that it answers to.
            methods: the methods that it answers.
            prefix: of the path, if a proxy leaves it there; the application does not see it.
            origin: of the pages behind a proxy, which may send another Host: https://…
            headers: added to those of `SECURITY_HEADERS`.
        """
        self._app, self._hosts, self._methods = app, hosts, methods
        self._prefix, self._origin = prefix, origin
        self._headers = {**SECURITY_HEADERS, **headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application, or refuse it; add the headers to the answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return

        async def send_securely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        path = scope["path"]
        if self._prefix and f"{path}/".startswith(f"{self._prefix}/"):
            scope = {**scope, "path": path.removeprefix(self._prefix) or "/"}
        answer = self._refusal(scope) or self._app
        await answer(scope, receive, send_securely)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")).casefold() not in self._hosts:
            names = ", ".join(sorted(self._hosts))
            text = f"This server answers to these names alone, with its port: {names}.\n"
            return PlainTextResponse(text, 421)
        if headers.get("sec-fetch-site") in FOREIGN or self._is_foreign(headers):
            text = "Another web site asked for this page. Type or paste its address instead.\n"
            return PlainTextResponse(text, 403)
        if scope["method"] not in self._methods:
            text = "These pages are read only: GET and HEAD. Use `tally` itself to record.\n"
            return PlainTextResponse(text, 405, {"allow": ", ".join(self._methods)})
        return None

    def _is_foreign(self, headers: Headers) -> bool:
        """Return whether the Origin header (RFC 6454) is that of another site or port."""
        origin = headers.get("origin")
        if origin is None or origin == self._origin:
            return False
        return urlsplit(origin).netloc.casefold() != headers.get("host", "").casefold()
