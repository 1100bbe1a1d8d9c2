"""What every answer of the server keeps to: this machine alone, reading alone, nothing foreign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS = ("GET", "HEAD")

SECURITY = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Pages are of the ledger as it is now, so that none is kept."""


def host_of(header: str) -> str:
    """The name in a Host header, without its port: `[::1]:8000` → `::1`."""
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


class Guard:
    """Refuses what comes under another name than this machine's, and all that would write.

    A page elsewhere whose name resolves to this machine (DNS rebinding) sends its own name
    as Host, and so is refused.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        """Around an application, for these names."""
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] != "http":
            return

        async def securely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers[name] = value
            await send(message)

        refused = self._refusal(scope)
        answer = self._app if refused is None else refused
        await answer(scope, receive, securely)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        named = Headers(scope=scope).get("host", "")
        if host_of(named).casefold() not in self._hosts:
            words = "This server answers to localhost alone; open http://127.0.0.1 with its port.\n"
            return PlainTextResponse(words, 421)
        if scope["method"] not in METHODS:
            words = "These pages are read only: GET and HEAD. Use `tally` itself to record.\n"
            return PlainTextResponse(words, 405, {"allow": ", ".join(METHODS)})
        return None
