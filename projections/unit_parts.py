"""The part of a state that the score of one unit depends on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ledger.entries import InformationReport, PetitionBatch, Reversal
from ledger.entries.base import units_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.state import LedgerState

_OF_ALL_UNITS = frozenset({"special_period", "notice", "ruling"})
"""Kinds whose entries may concern every unit."""


class UnitParts:
    """The parts of a state by unit: what names it, what that refers to, and what refers to that.

    Batches and information reports on the matters of its batches are among it, whoever's they are,
    and of each entry those that it replaces or that replace it. Rather too much than too little.
    An information report on any other matter has no effect.
    """

    def __init__(self, state: LedgerState) -> None:
        """Index a state, or the part of it that a year depends on."""
        self._state = state
        self._of_unit = defaultdict[str, set[str]](set)
        self._about = defaultdict[str, set[str]](set)
        self._on_matter = defaultdict[str, set[str]](set)
        self._family = defaultdict[str, set[str]](set)
        self._common = set[str]()
        self._order = {name: number for number, name in enumerate(state.entries)}
        for name, known in state.entries.items():
            entry: Any = known.entry
            self._family[state.root(name)].add(name)
            if not isinstance(entry, InformationReport):
                for unit in units_of(entry):
                    self._of_unit[state.root(unit)].add(name)
            for subject in entry.subjects():
                self._about[state.root(subject)].add(name)
            if isinstance(entry, PetitionBatch):
                self._on_matter[entry.matter].add(name)
            elif isinstance(entry, InformationReport):
                for matter in entry.matters:
                    self._on_matter[matter].add(name)
            elif entry.KIND in _OF_ALL_UNITS:
                self._common.add(name)

    def part(self, unit: str) -> LedgerState:
        """Return what the score of a unit depends on.

        Args:
            unit: its first id.
        """
        state = self._state
        found = self._of_unit[unit] | self._family[unit] | self._common
        batches = (state.entries[name].entry for name in found)
        matters = {one.matter for one in batches if isinstance(one, PetitionBatch)}
        for matter in matters:
            found = found | self._on_matter[matter]
        # What other units did about something that concerns all units is of no effect on this one.
        names = self._related(found - self._common) | self._families(self._common)
        entries = {name: state.entries[name] for name in sorted(names, key=self._order.__getitem__)}
        return replace(state, entries=entries)

    def _families(self, names: Iterable[str]) -> set[str]:
        """Return entries with all that they replace or that replace them, and the reversals."""
        state = self._state
        found = {one for name in names for one in self._family[state.root(name)]}
        taken_back = (state.entries[name].reversed for name in found)
        reversals = {one.by_entry for one in taken_back if one is not None}
        return found | (reversals & state.entries.keys())

    def _related(self, names: Iterable[str]) -> set[str]:
        """Return entries with their replacements, what they refer to, and what refers to them."""
        state, found, left = self._state, set[str](), set(names)
        subjects = {
            subject
            for name in left
            for subject in state.entries[name].entry.subjects()
            if subject in state.entries and subject not in self._common
        }
        left |= subjects
        while left:
            name = left.pop()
            if name in found:
                continue
            found.add(name)
            root = state.root(name)
            left |= self._family[root] - found
            left |= self._about[root] - found
            entry = state.entries[name].entry
            if isinstance(entry, Reversal) and entry.of in state.entries:
                left.add(entry.of)
        return found
