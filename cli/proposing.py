"""Propose entries that are made of the ledger's state: what they would change, once verified."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cli.session import today
from ledger.entries import Reversal
from ledger.message import Message
from ledger.numbering import Numbering, series_of
from projections.adopted import Measures
from projections.preview import Preview, preview

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from cli.session import Session
    from ledger.doubts import Doubt
    from ledger.entries import AnyEntry
    from ledger.state import LedgerState
    from ledger.submissions import Submission

MAX_ATTEMPTS = 50
"""Most previews of one append, each made anew because others appended meanwhile."""


class Proposal(NamedTuple):
    """Entries that may be recorded, and what they would change in each year."""

    state: LedgerState
    """The newest state of what they refer to; that of a small ledger moves on by itself."""
    position: int
    """The position that the state was read at."""
    fresh: Sequence[AnyEntry]
    """The entries, each with the id that it came with or that the ledger would give it now."""
    changes: Preview

    def units_taken_back(self, opened: Session) -> Iterator[Message]:
        """Say of each unit that is taken back for good how many verified entries name it."""
        replaced = {entry.replaces for entry in self.fresh}
        taken_back = [entry.of for entry in self.fresh if isinstance(entry, Reversal)]
        for unit in taken_back:
            if unit in replaced or self.state.entries[unit].entry.KIND != "unit":
                continue
            naming = opened.loader.entries(units=[unit])
            root = naming.root(unit)
            count = sum(
                root in {naming.root(named) for _, named, _ in one.entry.references()}
                for one in naming.entries.values()
                if one.verified is not None and one.reversed is None
            )
            if count:
                yield Message(
                    "verified entries that name {unit}: {count}; without the unit they have no "
                    "effect",
                    count=count,
                    unit=unit,
                )


def propose(
    opened: Session,
    make: Callable[[LedgerState], Sequence[Submission]],
    about: Collection[str],
    by: str,
    doubts: Collection[Doubt] = (),
) -> Proposal:
    """Return the entries that are made of the newest state, with what they would change.

    Args:
        opened: the open ledger.
        make: makes the entries.
        about: ids that they are about.
        by: who would record them.
        doubts: refuse entries that are alike or implausible, as of `DOUBTS`.

    Raises:
        EntriesRefusedError: the ledger would refuse them.
    """
    opened.ledger.record(make, by, about=about, dry_run=True, doubts=doubts)
    state = opened.ledger.state_of(about)
    position, numbering = state.position, Numbering(opened.ledger.store.last_number, ())
    measures, day = Measures(state.adoptions), today()
    fresh = [submission.entry for submission in make(state)]
    for number, entry in enumerate(fresh):
        if not entry.id:
            named = numbering.next(series_of(entry, measures, day))
            fresh[number] = entry.with_fields({"id": named})
    changes = preview(opened.loader, state, fresh, datetime.now(UTC))
    return Proposal(state, position, fresh, changes)
