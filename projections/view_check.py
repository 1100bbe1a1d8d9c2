"""A view compared with a full replay: its index row by row, its pages figure by figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.errors import StoreError
from ledger.integrity.findings import Finding
from ledger.saying import Said, Series
from ledger.view.comparing import index_departures
from ledger.view.recorder import ViewRecorder
from ledger.view.view import View, view_path
from projections.scores import score_year
from projections.sheets import Asked, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.application import Ledger
    from projections.rulebook import Rulebook

_ADVICE = Said("the ledger itself is not concerned; `tally rebuild` makes the view anew")
_LISTED = 10


def view_findings(url: str, ledger: Ledger, rulebook: Rulebook) -> Iterator[Finding]:
    """What of a ledger's view is not what a replay of all events gives; none where there is none.

    Args:
        url: the ledger, as it was named.
        ledger: the same, open and found whole.
        rulebook: the measure.
    """
    path = view_path(url)
    if not path.exists() or not ViewRecorder.is_ours(path):
        # One that another version made is not read by anybody: it is made anew.
        return
    recorder = ViewRecorder(path)
    try:
        for words in index_departures(recorder, ledger.store):
            told = Said("{path}: {words}; {advice}", path=path, words=words, advice=_ADVICE)
            yield Finding("view", told)
        view = View(recorder, ledger.store)
        sheets = Sheets(view, ledger.store, rulebook)
        head = ledger.position()
        for name, position in sheets.kept():
            asked = Asked.of_name(name)
            if position > head:
                yield Finding(
                    "view",
                    Said(
                        "{path}: sheet {name} ends behind the ledger; {advice}",
                        path=path,
                        name=name,
                        advice=_ADVICE,
                    ),
                )
                continue
            right = score_year(
                ledger.register() if position == head else ledger.register_at(position),
                rulebook,
                asked.year,
                asked.through,
                provisional=asked.provisional,
            )
            wrong = sheets.departures(name, right)
            if wrong:
                units = Series(wrong[:_LISTED])
                yield Finding(
                    "view",
                    Said(
                        "{path}: sheet {name} is wrong for {units}; {advice}",
                        path=path,
                        name=name,
                        units=units,
                        advice=_ADVICE,
                    ),
                )
    except StoreError as error:
        yield Finding(
            "view", Said("{error} It cannot be compared; {advice}", error=error, advice=_ADVICE)
        )
    finally:
        recorder.close()
