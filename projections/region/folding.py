"""The one seam to any engine: fold a chunk of towns, from bytes to bytes."""

from __future__ import annotations

import atexit
import gc
import platform
from contextlib import closing, contextmanager
from threading import local
from typing import TYPE_CHECKING

import msgspec

from ledger.errors import TallyError
from ledger.message import Message
from ledger.progress import progress_shown_by
from ledger.stores import open_store
from ledger.stores.connections import Connections
from projections.region.answering import answer_to
from projections.region.code_hash import code_hash
from projections.region.faults import fault_of
from projections.region.messages import Answer, NoQuestion, Nothing, decode_task, encode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.region.messages import Task, Value


class OtherCodeError(TallyError):
    """Whoever folds has other code than whoever asks."""

    def __init__(self, asked: str, here: str) -> None:
        """Name both by the first digits of their hashes, and this computer."""
        super().__init__(
            Message(
                "the worker on {host} has other code ({here}) than the program that asks "
                "({asked}); install the same version of tally there.",
                host=platform.node(),
                here=here[:12],
                asked=asked[:12],
            )
        )


def fold_chunk(tasks: list[bytes]) -> list[bytes]:
    """Fold towns one after the other; return an answer for each, in the same order.

    An error of one town is its answer, and no concern of the others.

    Args:
        tasks: encoded `Task`s.

    Returns:
        encoded `Answer`s.
    """
    # Only the towns are counted, not the events of one.
    with _without_gc(), progress_shown_by(None):
        return [encode(_answer(one)) for one in tasks]


def _answer(raw: bytes) -> Answer:
    here = code_hash()
    try:
        task = decode_task(raw)
    except msgspec.MsgspecError:  # the asker's tasks have another form
        return Answer(here, "", 0, fault=fault_of(OtherCodeError("?", here)))
    try:
        if task.program != here:
            raise OtherCodeError(task.program, here)
        return Answer(here, task.town, task.position, _fold(task))
    except TallyError as error:
        return Answer(here, task.town, task.position, fault=fault_of(error))
    except Exception as error:  # noqa: BLE001 - one town must not take others with it
        text = Message("{error} ({kind})", error=str(error), kind=type(error).__name__)
        return Answer(here, task.town, task.position, fault=fault_of(TallyError(text)))


def _fold(task: Task) -> Value:
    if isinstance(task.question, NoQuestion):
        return Nothing()
    with closing(open_store(task.url, lent=_connections())) as store:
        return answer_to(task, store)


_KEPT = local()
"""What a thread that folds keeps from chunk to chunk."""


def _connections() -> Connections:
    """Return this thread's connections: one to each server, as long as the process lives."""
    found: Connections | None = getattr(_KEPT, "connections", None)
    if found is None:
        found = _KEPT.connections = Connections()
        atexit.register(found.close)
    return found


def close_connections() -> None:
    """Close this thread's connections."""
    found: Connections | None = _KEPT.__dict__.pop("connections", None)
    if found is not None:
        atexit.unregister(found.close)
        found.close()


@contextmanager
def _without_gc() -> Iterator[None]:
    """Keep the collector of cycles off: it looks through every entry again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
