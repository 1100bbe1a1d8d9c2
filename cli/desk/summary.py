"""An entry's content in words, for lists and previews of work, whatever year it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cli.output.times import office_minute
from ledger.entries import Unit

if TYPE_CHECKING:
    from cli.desk.work import Desk
    from ledger.entries import Entry
    from ledger.entries.base import Field
    from ledger.state import LedgerState

_NOT_SHOWN = frozenset({"kind", "id"})


def content_rows(desk: Desk, entry: Entry, state: LedgerState) -> list[tuple[str, str]]:
    """Return each field of an entry with its value, in the page's words.

    Args:
        desk: the desk.
        entry: the entry.
        state: has the units that it names, which are shown with their names.
    """
    content = entry.content()
    kinds = desk.kinds.under(content)
    fields = kinds.fields(entry.KIND) if entry.KIND in kinds else {}
    return [
        (desk.translate.field(kinds, entry.KIND, name), _text(desk, value, fields.get(name), state))
        for name, value in content.items()
        if name not in _NOT_SHOWN
    ]


def _text(desk: Desk, value: Any, field: Field | None, state: LedgerState) -> str:
    translate = desk.translate
    if isinstance(value, list):
        return "、".join(_text(desk, one, field, state) for one in value)
    if isinstance(value, dict):
        # A scanned paper by its name, or points by section.
        pairs = (f"{translate.term(name)} {points}" for name, points in value.items())
        return value["name"] if "sha256" in value else "、".join(pairs)
    if field is not None and field.refers_to == "unit":
        return named_unit(value, state)
    if field is not None and field.choices:
        return translate.choice(field, value)
    if field is not None and field.form == "moment":
        return office_minute(value)
    return translate.term(value) if isinstance(value, bool) else str(value)


def named_unit(unit: str, state: LedgerState) -> str:
    """Return a unit's id with its name, if the state has it."""
    known = state.get(unit)
    return f"{unit} {known.entry.name}" if known and isinstance(known.entry, Unit) else unit
