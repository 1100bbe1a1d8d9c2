"""Find what a correction says of each unit: its own causes in the ledger, and its rank before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cli.output.documents.numerals import dated, day_text
from ledger.entries import Reversal
from projections.bulletin import bulletin
from projections.differences import differences
from projections.query import ScoreQuery

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cli.output.documents.entry_names import EntryNames
    from cli.session import Session
    from ledger.editions import Edition
    from ledger.state import LedgerState
    from projections.bulletin_parts import Bulletin


class Explained(NamedTuple):
    """Hold the causes and the changed ranks of the units of a correction."""

    causes: Mapping[str, Sequence[str]]
    """By the name of a unit: what was recorded, verified or taken back since."""
    ranks: Mapping[str, tuple[int | None, int | None]]
    """By the name of a unit whose rank changed: its rank then and now."""


def explained(
    opened: Session, replaced: Edition, content: Bulletin, names_of: EntryNames
) -> Explained:
    """Return why the figures of units changed since an edition.

    Args:
        opened: the ledger.
        replaced: the edition.
        content: the bulletin that corrects it.
        names_of: the names of entries.
    """
    event, period = replaced.event, content.period
    number = None if period is None else period.number
    asked = ScoreQuery(content.year, event.through, event.position)
    before = opened.loader.scores(asked, postings=True)
    now = ScoreQuery(content.year, content.through, content.position)
    after = opened.loader.scores(now, postings=True, since=event.position)
    changes = differences(before, after, period=number, published=event.figures)
    causes = {
        one.name: [*_causes(one.entries, after.state, event.position, names_of)] for one in changes
    }
    was = bulletin(before.scores, number, before.state, unranked=content.order == "unranked")
    then = {after.state.root(row.unit): row.rank for row in was.rows}
    ranks = {}
    for row in content.rows:
        unit = after.state.root(row.unit)
        if unit in then and then[unit] != row.rank:
            ranks[row.name] = then[unit], row.rank
    return Explained(causes, ranks)


def _causes(
    ids: Sequence[str], state: LedgerState, since: int, names_of: EntryNames
) -> Iterator[str]:
    """Yield what became of entries after a position; what replaces one comes with its reversal."""
    replacing = {one for name in ids for one in state.replacements.get(state.subject(name), [])}
    for name in ids:
        known = state.get(name)
        if known is None or name in replacing:
            continue
        entry = known.entry
        if isinstance(entry, Reversal):
            yield f"{_named(entry.of, names_of).rstrip('，')}：{entry.reason.rstrip('。')}"
        elif known.recorded.position > since:
            yield f"{_named(name, names_of)}在原通报后补录"
        else:
            yield f"{_named(name, names_of)}在原通报后核定"


def _named(name: str, names_of: EntryNames) -> str:
    """Return the name of an entry; of a report its month and when it came in, with a comma."""
    entry = names_of.get(name)
    month, day = getattr(entry, "month", None), getattr(entry, "submitted_on", None)
    if month is not None and day is not None:
        return f"{dated(str(month))}{names_of.title(entry.KIND)}于{day_text(day)}报送，"
    return names_of.public(name).replace("日，", "日", 1)
