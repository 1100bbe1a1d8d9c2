"""Name what is not recorded of an entry, or of the answer to it, and decides its points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.kinds.cases import field_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.output.documents.entry_names import EntryNames
    from projections.measure import Clause, Measure

_FIELDS = {"arrival": "到场情况", "effective": "处置效果", "stay_minutes": "滞留时间"}
"""Fields of the answer to a batch, in other words than those over a column."""


def missing(
    clause: Clause, entry: Any, answer: Any, measure: Measure, entries: EntryNames
) -> list[str]:
    """Return the titles of what is missing; nothing where a clause is not of single entries.

    Args:
        clause: under which the entry is incomplete.
        entry: the entry.
        answer: the entry by which the unit responded to it; None if there is none.
        measure: the measure.
        entries: names entries.
    """
    if clause.kind != "occurrence":
        return []
    given = clause.parameters
    if given.answer is not None and answer is None:
        return [f"{entries.title(given.answer)}记录"]
    names = [name for one in clause.amount if one.of in given.incomplete for name in one.when]
    names += [one.times for one in clause.amount if one.times is not None]
    recorded = [one for one in (entry, answer) if one is not None]
    titles = [_unrecorded(name, recorded, measure) for name in dict.fromkeys(names)]
    return [one for one in titles if one is not None]


def _unrecorded(name: str, entries: Sequence[Any], measure: Measure) -> str | None:
    """Return the title of a field that none of some entries has recorded; None of any other."""
    title = None
    for one in entries:
        read = field_reader(measure, one.KIND, name)
        if read is None:
            continue
        if read(one) is not None:
            return None
        title = _FIELDS.get(name) or measure.fields(one.KIND)[name].title
    return title
