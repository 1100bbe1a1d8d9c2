"""Units by their names: where an id is asked for, the exact name of one unit will do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ledger.characters import name_key
from ledger.entries import Unit
from ledger.lookalikes import skeletons
from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.entries import AnyEntry
    from ledger.rules import Known, Problem
    from ledger.state import LedgerState


class AmbiguousNameError(ValueError):
    """Several units have a name; the message lists their ids.

    Attributes:
        field: the field of an entry that names them so.
    """

    field: str | None = None

    def __init__(self, name: str, ids: Iterable[str]) -> None:
        super().__init__(
            Message("{name} is the name of {ids}; write the id", name=name, ids=Series(ids))
        )


class UnitNames:
    """The first ids of the units that stand, by name."""

    def __init__(
        self, named: Iterable[tuple[str, str]], former: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Take names and first ids.

        Args:
            named: of each unit that was not taken back.
            former: of units that were, perhaps replaced under another name.
        """
        self._ids: dict[str, dict[str, None]] = {}
        for name, first in named:
            self._ids.setdefault(name, {})[first] = None
        self._former = former

    def like(self, named: str) -> dict[str, str]:
        """Return by id the names of the units that a text almost names.

        A unit looks like the text by its id, its name or a former name, whatever width, case and
        spacing, or its id and name together are the text (`V001甲村`, `甲村（V001）`).
        """
        text, joined, found = _looks(named), _bare(named), dict[str, str]()
        for one, (name, looks, together) in self._looked.items():
            if text & looks or joined in together:
                found[one] = name
        for looks, one in self._former_looks:
            if one in self._looked and text & looks:
                found[one] = self._looked[one][0]
        return found

    @cached_property
    def _looked(self) -> dict[str, tuple[str, frozenset[str], set[str]]]:
        """By id of a unit its name, what the two look like, and both written together."""
        standing = {one: name for name, ids in self._ids.items() for one in ids}
        return {
            one: (name, _looks(one) | _looks(name), {_bare(one + name), _bare(name + one)})
            for one, name in standing.items()
        }

    @cached_property
    def _former_looks(self) -> list[tuple[frozenset[str], str]]:
        return [(_looks(name), one) for name, one in self._former]

    def explained(self, problem: Problem) -> Problem:
        """Return a problem; of a unit that is not there with the one that may be meant."""
        like = {} if problem.unit is None else self.like(problem.unit)
        if not like:
            return problem
        if len(like) > 1:
            message = Message(
                "there is no unit {named}, and several are called much like it: {units}; write "
                "the id",
                named=problem.unit,
                units=Series(f"{one} {name}" for one, name in like.items()),
            )
            return problem._replace(message=message)
        ((unit, name),) = like.items()
        message = Message(
            "there is no unit {named}; {unit} is {name}: write its id or this name",
            named=problem.unit,
            unit=unit,
            name=name,
        )
        return problem._replace(message=message)

    def id_of(self, name: str) -> str | None:
        """Return the id of the one unit of a name; None if there is none.

        Raises:
            AmbiguousNameError: several units have it.
        """
        ids = list(self._ids.get(name, ()))
        if len(ids) > 1:
            raise AmbiguousNameError(name, ids)
        return ids[0] if ids else None

    def resolved(self, entry: AnyEntry, known: Known) -> AnyEntry:
        """Return an entry with the ids of the units that it names.

        Raises:
            AmbiguousNameError: several units have such a name.
        """
        changed = {}
        for field in [name for name, kind in entry.REFERENCES.items() if kind == "unit"]:
            value = entry.of_field(field)
            try:
                if isinstance(value, tuple):
                    ids: object = tuple(self._id(one, known) for one in value)
                else:
                    ids = None if value is None else self._id(value, known)
            except AmbiguousNameError as error:
                error.field = field
                raise
            if ids != value:
                changed[field] = ids
        return entry.with_fields(changed) if changed else entry

    def _id(self, named: str, known: Known) -> str:
        return named if known.kind(named) is not None else self.id_of(named) or named


def _looks(text: str) -> frozenset[str]:
    """Return what texts that look alike share one of, whatever width, case and spacing."""
    return frozenset((*skeletons(text), name_key(text)))


def _bare(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return "".join(filter(str.isalnum, name_key(text)))


def present_names(state: LedgerState) -> dict[str, str]:
    """Return the present names of the units that stand, by every id that each has had."""
    first = {
        state.root(one.entry.id): one.entry.name
        for one in state.entries.values()
        if isinstance(one.entry, Unit) and one.reversed is None
    }
    roots = {name: state.root(name) for name in state.entries}
    return {one: first[root] for one, root in roots.items() if root in first}


def standing_units(state: LedgerState) -> list[tuple[str, str]]:
    """Return the first ids and present names of the units that stand, in order."""
    names = present_names(state)
    return sorted((one, name) for one, name in names.items() if state.root(one) == one)


def unit_id(state: LedgerState, named: str) -> str:
    """Return the id of a unit that a person named by its id or its name; else the text itself.

    Raises:
        AmbiguousNameError: several units have the name.
    """
    if state.get(named) is not None:
        return named
    standing = (
        one.entry
        for one in state.entries.values()
        if isinstance(one.entry, Unit) and one.reversed is None
    )
    names = UnitNames((unit.name, state.root(unit.id)) for unit in standing)
    return names.id_of(named) or named
