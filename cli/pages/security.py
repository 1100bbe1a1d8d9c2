"""Middleware of the server: refuse foreign hosts, sites and methods; add security headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD")

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
    "referrer-policy": "no-referrer",
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
    """Answers only GET and HEAD requests under known host names, and none of another site's pages.

    The images of a foreign page could otherwise keep the server busy. Checking the Host header
    prevents DNS rebinding: a foreign page whose name resolves to this machine sends its own name
    as Host.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Wrap an application; take the host names that it answers to."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the application, or refuse it; add the headers to the answer."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return

        async def send_securely(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        answer = self._refusal(scope) or self._app
        await answer(scope, receive, send_securely)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")).casefold() not in self._hosts:
            text = "This server answers to localhost alone; open http://127.0.0.1 with its port.\n"
            return PlainTextResponse(text, 421)
        if headers.get("sec-fetch-site") in FOREIGN:
            text = "Another web site asked for this page. Type or paste its address instead.\n"
            return PlainTextResponse(text, 403)
        if scope["method"] not in METHODS:
            text = "These pages are read only: GET and HEAD. Use `tally` itself to record.\n"
            return PlainTextResponse(text, 405, {"allow": ", ".join(METHODS)})
        return None
