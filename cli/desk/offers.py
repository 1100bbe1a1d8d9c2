"""Suggest the values of a form's field: the units, cases and notices that a person may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.units import present_names

if TYPE_CHECKING:
    from cli.desk.work import Desk

MOST_OFFERED: Final = 500
"""Entries that a field offers, the newest; others are named by their ids."""


class Offers:
    """By kind of entry, those that a field may name, each with a label for people."""

    def __init__(self, desk: Desk) -> None:
        """Offer what stands in the ledger now."""
        self._desk = desk
        self._of: dict[str, dict[str, str]] = {}

    def of(self, kind: str) -> dict[str, str]:
        """Return labels by id, units in the order of their ids, entries the newest first."""
        if kind not in self._of:
            self._of[kind] = self._units() if kind == "unit" else self._entries(kind)
        return self._of[kind]

    def label(self, kind: str, entry_id: str) -> str:
        """Return how a form shows an id: with the unit's name; else the id alone."""
        return self.of(kind).get(entry_id, entry_id)

    def id_of(self, kind: str, named: str) -> str:
        """Return the id that a text names: a label, an id, or the exact name of a unit.

        Raises:
            OptionError: several units have the name.
        """
        offered = self.of(kind)
        if named in offered:
            return named
        meant = next((one for one, label in offered.items() if label == named), None)
        if meant is not None:
            return meant
        return self._desk.session.unit_id(named) if kind == "unit" else named

    def _units(self) -> dict[str, str]:
        state = self._desk.session.loader.of_kinds(("unit",))
        names = present_names(state)
        firsts = sorted(one for one in names if state.root(one) == one)
        return {one: f"{one} {names[one]}" for one in firsts}

    def _entries(self, kind: str) -> dict[str, str]:
        state = self._desk.session.loader.of_kinds((kind,))
        found = {}
        for one in reversed(state.entries.values()):
            entry = one.entry
            if kind != entry.KIND or one.reversed is not None:
                continue
            unit = getattr(entry, "unit", None)
            about = getattr(entry, "title", None) or (unit and self.label("unit", unit))
            day = entry.day()
            parts = (entry.id, None if day is None else day.isoformat(), about)
            found[entry.id] = " ".join(filter(None, parts))
            if len(found) == MOST_OFFERED:
                break
        return found
