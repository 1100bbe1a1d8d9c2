"""The engine on a scheduler of Dask: chunks are folded by its workers, on any computers."""

from __future__ import annotations

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
        security_of(self._address)
        configure()
        self._client: Client | None = None

    def run(self, chunks: Sequence[list[bytes]]) -> Iterator[Done]:
        """Run all chunks; see `Engine.run`.

        Raises:
            UnreachableError: the scheduler does not answer the first time.
        """
        from distributed import as_completed  # noqa: PLC0415 - takes half a second

        try:
            client = self._connected()
        except UnreachableError as error:
            if self._client is None:
                raise
            yield from (Done(number, None, error) for number in range(len(chunks)))
            return
        # Impure: the same tasks asked again are folded again.
        futures = client.map(fold_chunk, chunks, pure=False, retries=0)
        numbers = {future.key: number for number, future in enumerate(futures)}
        done = as_completed(futures, client.loop)
        del futures  # a result is forgotten by the scheduler once it is here
        for batch in done.batches():
            yield from self._told(client, {numbers.pop(one.key): one for one in batch})

    def _told(self, client: Client, batch: dict[int, Future[list[bytes]]]) -> Iterator[Done]:
        """Return what came of chunks that are done.

        Not by `as_completed(with_results=True)`: it waits for ever for a result that is lost with
        its worker before it is fetched and cannot be had anew.
        """
        try:
            answers: dict[int, list[bytes] | None] = client.gather(batch, errors="skip")
        except OSError:
            answers = {}
        lost = {
            number: self._lost(future)
            for number, future in batch.items()
            if answers.get(number) is None
        }
        for future in batch.values():
            future.release()  # else it would be folded again if its worker died
        for number in batch:
            yield Done(number, answers.get(number), lost.get(number))

    def close(self) -> None:
        """Leave the scheduler."""
        if self._client is not None:
            self._client.close()

    def _connected(self) -> Client:
        if self._client is not None and self._client.status == "running":
            return self._client
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
        if client.run_on_scheduler(_setting, _CHECKED) != SETTINGS[_CHECKED]:
            client.close()
            words = Message(
                "the scheduler at {url} was not started by `tally region scheduler`: without its "
                "settings this would wait for ever where no worker is left. Start it so.",
                url=url,
            )
            raise ClusterError(words)
        self._client = client
        return client

    def _lost(self, future: Future[list[bytes]]) -> TallyError:
        """Return why a chunk that is done has no answers."""
        from distributed.scheduler import KilledWorker, NoWorkerError  # noqa: PLC0415

        error = future.exception() if future.status == "error" else None
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
        elif error is None:
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


def _setting(name: str) -> object:
    """Return a setting of Dask in the process that runs this."""
    import dask.config  # noqa: PLC0415

    return dask.config.get(name)
