"""The engine on a scheduler of Dask: chunks are folded by its workers, on any computers."""

from __future__ import annotations

from concurrent.futures import CancelledError
from queue import SimpleQueue
from typing import TYPE_CHECKING

from ledger.message import Message
from projections.region.engines.cluster import (
    NO_WORKERS,
    SETTINGS,
    ClusterError,
    address_of,
    configure,
    security_of,
)
from projections.region.engines.engine import Done, NoWorkersError
from projections.region.folding import fold_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from distributed import Client, Future

    from ledger.errors import TallyError

_CONNECT = 5
"""Seconds in which the scheduler must answer."""
_CHECKED = "distributed.scheduler.no-workers-timeout"


class UnreachableError(NoWorkersError):
    """The scheduler does not answer."""

    def __init__(self, url: str, why: object) -> None:
        super().__init__(
            Message(
                "the scheduler at {url} does not answer: {why}. Start it with `tally region "
                "scheduler` on its computer, and look whether the address is right and the "
                "certificates are of the same authority.",
                url=url,
                why=str(why) or type(why).__name__,
            )
        )


class Scheduler:
    """Runs chunks on the workers of a scheduler; connects when it runs the first."""

    def __init__(self, url: str) -> None:
        """Name the scheduler: `tls://HOST:8786`, or `tcp://127.0.0.1:8786` on this computer.

        Raises:
            ClusterError: the address is malformed or would lead elsewhere without encryption,
                certificates are missing, or Dask is not installed.
        """
        self._address = address_of(url)
        configure()
        security_of(self._address)
        self._client: Client | None = None

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        """Run all chunks; see `Engine.run`.

        Raises:
            UnreachableError: the scheduler does not answer the first time.
        """
        try:
            client = self._connected()
        except UnreachableError as error:
            if self._client is None:
                raise
            yield from (Done(number, None, error) for number in range(len(chunks)))
            return
        # Impure: the same tasks asked again are folded again.
        futures = client.map(fold_chunk, list(chunks), pure=False, retries=0)
        done: SimpleQueue[tuple[int, list[bytes] | None, Exception | None]] = SimpleQueue()
        assert client.loop is not None, "it is connected"
        for number, future in enumerate(futures):
            client.loop.add_callback(_fetch, client, number, future, done)
        del futures
        for _ in chunks:
            number, answers, why = done.get()
            yield Done(number, answers, None if why is None else self._lost(why))

    def close(self) -> None:
        """Leave the scheduler."""
        if self._client is not None:
            self._client.close()

    def _connected(self) -> Client:
        if self._client is not None and self._client.status == "running":
            return self._client
        import dask.config  # noqa: PLC0415 - takes half a second
        from distributed import Client  # noqa: PLC0415

        url = self._address.url
        try:
            client = Client(
                url,
                security=security_of(self._address),
                timeout=_CONNECT,
                set_as_default=False,
            )
        except (TimeoutError, OSError) as error:
            raise UnreachableError(url, error) from None
        if client.run_on_scheduler(dask.config.get, _CHECKED) != SETTINGS[_CHECKED]:
            client.close()
            words = Message(
                "the scheduler at {url} was not started by `tally region scheduler`: without its "
                "settings this would wait for ever where no worker is left. Start it so.",
                url=url,
            )
            raise ClusterError(words)
        self._client = client
        return client

    def _lost(self, error: Exception) -> TallyError:
        """Return why a chunk has no answers."""
        from distributed.scheduler import KilledWorker, NoWorkerError  # noqa: PLC0415

        url = self._address.url
        if isinstance(error, KilledWorker):
            words = Message(
                "{tries} workers died while they folded it, the last one at {worker}.",
                tries=error.allowed_failures + 1,
                worker=error.last_worker.address,
            )
            return ClusterError(words)
        if isinstance(error, NoWorkerError):
            words = Message(
                "the scheduler at {url} had no worker for {seconds} s. Start some with `tally "
                "region worker {url}` and ask again: what is done is kept.",
                url=url,
                seconds=NO_WORKERS,
            )
        elif isinstance(error, CancelledError | OSError):
            words = Message(
                "the connection to the scheduler at {url} was lost, or it was started anew. Ask "
                "again: what is done is kept.",
                url=url,
            )
        else:
            words = Message(
                "a worker of {url} cannot fold at all: {why} ({kind}). Install the same version "
                "of tally there.",
                url=url,
                why=str(error),
                kind=type(error).__name__,
            )
        return NoWorkersError(words)


async def _fetch(
    client: Client,
    number: int,
    future: Future[list[bytes]],
    done: SimpleQueue[tuple[int, list[bytes] | None, Exception | None]],
) -> None:
    """Fetch a result as soon as it is there, so that it is not lost with its worker.

    `as_completed` fetches later, or by `with_results` waits for ever for a result that was lost
    and cannot be had anew.
    """
    try:
        done.put((number, await client.gather(future, asynchronous=True), None))
    except Exception as error:  # noqa: BLE001 - whoever asks says what it means
        done.put((number, None, error))
    finally:
        future.release()  # the scheduler forgets it, and does not have it made anew
