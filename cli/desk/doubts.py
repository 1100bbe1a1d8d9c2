"""Doubtful entries at the desk: shown first, and let in once somebody says that they are meant."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from ledger.doubts import DOUBTS
from ledger.errors import EntriesRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cli.desk.work import Desk, Given
    from ledger.doubts import Doubt
    from ledger.errors import Refusal
    from ledger.receipts import Receipt


class DoubtRow(NamedTuple):
    """A doubtful entry, and the box by which it is let in."""

    token: str
    words: str
    known: str
    """The entry that it is like; empty where it is implausible."""
    meant: bool


def _token(refusal: Refusal) -> str:
    """Return what a box sends: it lets in what was shown and nothing else."""
    return sha256(f"{refusal.code}\n{refusal.field}\n{refusal.message}".encode()).hexdigest()[:32]


def check_doubts(given: Given, try_out: Callable[[frozenset[Doubt]], Receipt]) -> None:
    """Refuse what is doubtful unless each doubt was shown and is meant.

    Args:
        given: the form, with the boxes that were ticked.
        try_out: a dry run of the append that refuses some doubts.

    Raises:
        EntriesRefusedError: something is doubtful, or wrong.
    """
    try:
        try_out(DOUBTS)
    except EntriesRefusedError as error:
        meant = given.texts("meant")
        if any(one.code not in DOUBTS or _token(one) not in meant for one in error.refusals):
            raise


def doubt_rows(desk: Desk, given: Given) -> list[DoubtRow]:
    """Return the doubts for which a form was refused."""
    return [
        DoubtRow(
            _token(one),
            _words(desk, one),
            str(getattr(one.message, "values", {}).get("known", "")),
            _token(one) in given.texts("meant"),
        )
        for one in given.refusals
        if one.code in DOUBTS
    ]


def _words(desk: Desk, refusal: Refusal) -> str:
    """Return a doubt without what a command line would say to do about it."""
    values = getattr(refusal.message, "values", {})
    if "words" in values:
        return desk.translate(values["words"])
    if "fields" in values:
        return desk.translate(
            "{known} has the same {fields}", known=values["known"], fields=values["fields"]
        )
    return desk.translate(
        "its id or name is the id or name of the unit {known}", known=values.get("known", "")
    )


def without_doubts(refusals: Sequence[Refusal]) -> list[Refusal]:
    """Return what is wrong, and not merely doubtful."""
    return [one for one in refusals if one.code not in DOUBTS]
