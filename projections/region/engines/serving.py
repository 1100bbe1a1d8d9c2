"""Serve a cluster on Dask: its scheduler, or the workers of one computer, until Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from projections.region.engines.cluster import (
    address_of,
    configure,
    listening_address,
    security_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from distributed import Security

    from projections.region.engines.cluster import Address

_AGAIN = 1.0
"""Seconds after which a worker looks for a scheduler that went away."""
_HTTP: dict[str, Any] = {"dashboard": False, "dashboard_address": "127.0.0.1:0"}
"""Dask always opens a port for pages; here it has none, and other computers do not reach it."""
_PRELOAD = "projections.region.engines.worker_process"


def serve_scheduler(
    host: str, port: int, ready: Callable[[str], None], refused: Callable[[str], None]
) -> None:
    """Run a scheduler; certificates are required if there are any here.

    Args:
        host: the address to listen on.
        port: 0 for any that is free.
        ready: is called with its address once it listens.
        refused: is called with the host of whoever shows no certificate of the authority, or does
            not accept the scheduler's; once for each host.

    Raises:
        ClusterError: other computers would reach it without encryption, or it cannot start.
        OSError: the address cannot be used.
    """
    address = listening_address(host, port)
    configure()
    security = security_of(address)
    logging.getLogger("distributed.comm.tcp").addFilter(_Handshakes(refused).words)
    _run(_scheduler(address, security, ready))


def serve_workers(
    url: str, processes: int, ready: Callable[[str], None], away: Callable[[bool], None]
) -> None:
    """Run workers of a scheduler; a killed one is started anew, a lost scheduler awaited.

    Args:
        url: of the scheduler.
        processes: how many workers, each a process of one thread.
        ready: is called with the address of each that has found the scheduler.
        away: is called by each when the scheduler does not answer, once until it does, with whether
            that is for the certificates.

    Raises:
        ClusterError: the address or the certificates are no use.
    """
    address = address_of(url)
    configure()
    security = security_of(address)
    _run(_workers(address, security, processes, ready, away))


class _Handshakes:
    """Says each host whose certificate was refused, in place of Dask's line for each attempt."""

    def __init__(self, refused: Callable[[str], None]) -> None:
        self._refused, self._hosts = refused, set[str]()

    def words(self, record: logging.LogRecord) -> bool:
        """Return whether a record is to be logged: is a filter of a logger."""
        if "TLS handshake failed" not in str(record.msg) or not isinstance(record.args, tuple):
            return True
        host = str(urlsplit(str(record.args[1])).hostname)
        if host not in self._hosts:
            self._hosts.add(host)
            self._refused(host)
        return False


def _run(serving: Coroutine[Any, Any, None]) -> None:
    """Run until Ctrl-C or SIGTERM, by which services and containers are ended."""

    async def until_ended() -> None:
        task = asyncio.ensure_future(serving)
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, task.cancel)
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(until_ended())


async def _scheduler(
    address: Address, security: Security | None, ready: Callable[[str], None]
) -> None:
    from distributed import Scheduler  # noqa: PLC0415 - takes half a second

    protocol = "tls" if address.encrypted else "tcp"
    async with Scheduler(
        host=address.host, port=address.port, protocol=protocol, security=security, **_HTTP
    ) as scheduler:
        ready(scheduler.address)
        await scheduler.finished()


async def _workers(
    address: Address,
    security: Security | None,
    processes: int,
    ready: Callable[[str], None],
    away: Callable[[bool], None],
) -> None:
    with tempfile.TemporaryDirectory(prefix="tally-region-") as folder:
        await asyncio.gather(
            *(_worker(address, security, folder, ready, away) for _ in range(processes))
        )


async def _worker(
    address: Address,
    security: Security | None,
    folder: str,
    ready: Callable[[str], None],
    away: Callable[[bool], None],
) -> None:
    import dask.config  # noqa: PLC0415
    from distributed import Nanny  # noqa: PLC0415

    is_away = False
    while True:
        try:
            async with Nanny(
                address.url,
                host=_own_host(address),
                nthreads=1,
                memory_limit=0,  # the computer's or the container's
                local_directory=folder,
                security=security,
                preload=[_PRELOAD, *dask.config.get("distributed.worker.preload")],
                **_HTTP,
            ) as nanny:
                is_away = False
                ready(nanny.worker_address)
                await nanny.finished()
        except (OSError, RuntimeError) as error:
            if not _is_away(error):
                raise
            if not is_away:
                is_away = True
                away(_is_untrusted(error))
        await asyncio.sleep(_AGAIN)


def _is_away(error: BaseException | None) -> bool:
    """Return whether an error says that the scheduler does not answer: Dask raises it from that."""
    while error is not None and not isinstance(error, OSError):
        error = error.__cause__
    return error is not None


def _is_untrusted(error: BaseException | None) -> bool:
    """Return whether an error comes of a certificate that one of both sides does not accept."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error is not None


def _own_host(address: Address) -> str:
    """Return this computer's address on the way to the scheduler, to listen on no other."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)
    family, kind, protocol, _, place = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.connect(place)  # of a datagram: nothing is sent
        host: str = probe.getsockname()[0]
    return host
