"""A view compared with a full replay: its index row by row, its pages figure by figure."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.integrity.findings import Finding
from ledger.message import Message, Series
from ledger.view.comparing import copied, index_departures
from ledger.view.fingerprint import fingerprint
from ledger.view.recorder import ViewRecorder, made_by
from ledger.view.view import View, view_path
from projections.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.application import Ledger
    from projections.rulebook import Rulebook

_ADVICE = Message("the ledger itself is not concerned; `tally rebuild` makes the view anew")
_LISTED = 10


def view_findings(url: str, ledger: Ledger, rulebook: Rulebook) -> Iterator[Finding]:
    """What of a ledger's view is not what a replay of all events gives; none where there is none.

    Args:
        url: the ledger, as it was named.
        ledger: the same, open and found whole.
        rulebook: the measure.
    """
    path = view_path(url)
    if made_by(path) != fingerprint():
        # One that another version made is not read by anybody: it is made anew.
        return
    try:
        with tempfile.TemporaryDirectory(prefix="tally-") as folder:
            # Of one moment, whoever records and reads meanwhile.
            copy = Path(folder) / "copy.view"
            copied(path, copy)
            recorder = ViewRecorder(copy)
            try:
                for words in _departures(recorder, ledger, rulebook, Path(folder)):
                    told = Message(
                        "{path}: {words}; {advice}", path=path, words=words, advice=_ADVICE
                    )
                    yield Finding("view", told)
            finally:
                recorder.close()
    except (StoreError, sqlite3.Error, OSError) as error:
        told = Message(
            "{path} cannot be compared: {error}; {advice}", path=path, error=error, advice=_ADVICE
        )
        yield Finding("view", told)


def _departures(
    recorder: ViewRecorder, ledger: Ledger, rulebook: Rulebook, folder: Path
) -> Iterator[Message]:
    yield from index_departures(recorder, ledger.store, folder)
    sheets = Sheets(View(recorder, ledger.store), ledger.store, rulebook)
    head = ledger.position()
    for position in sorted({position for _, position in sheets.kept()}):
        if position > head:
            yield Message(
                "it shows position {position}, behind the ledger's end", position=position
            )
            continue
        for name, wrong in sheets.departures(ledger.state_at(position)):
            units = Series(wrong[:_LISTED])
            yield Message("sheet {name} is wrong for {units}", name=name, units=units)
