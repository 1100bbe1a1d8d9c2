"""Serve an application on a socket until Ctrl-C."""

from __future__ import annotations

import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from cli.options import OptionError
from cli.pages.protocol import TimedProtocol
from ledger.message import Message
from ledger.progress import progress_shown_by

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MOST_CONNECTIONS = 64
"""Connections that a server accepts at a time by default; a browser opens six."""

_GRACE = 5
"""Seconds that requests have to end after Ctrl-C."""


def listening(host: str, port: int) -> socket.socket:
    """Open a socket that listens at an address.

    Raises:
        OptionError: the address or the port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen()
    except socket.gaierror as error:
        opened.close()
        raise OptionError(
            "--host", Message("{host}: {why}", host=host, why=error.strerror)
        ) from None
    except OSError as error:
        opened.close()
        raise OptionError(
            "--port", Message("{port}: {why}; choose another", port=port, why=error.strerror)
        ) from None
    return opened


def address(scheme: str, host: str, opened: socket.socket) -> str:
    """Return the address of a socket as a browser takes it: `http://[::1]:8000`."""
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}:{opened.getsockname()[1]}"


def serve(app: ASGIApp, opened: socket.socket, **settings: Any) -> None:
    """Serve until Ctrl-C.

    Args:
        app: the application.
        opened: the socket that listens.
        settings: of uvicorn; those that are left out suit one machine.
    """
    defaults = {
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "proxy_headers": False,
        "http": TimedProtocol,
        "limit_concurrency": MOST_CONNECTIONS,
        "timeout_graceful_shutdown": _GRACE,
        "ws": "none",
    }
    # No progress bars for requests.
    with suppress(KeyboardInterrupt), progress_shown_by(None):
        uvicorn.Server(uvicorn.Config(app, **{**defaults, **settings})).run(sockets=[opened])
