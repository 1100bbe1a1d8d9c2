"""Kinds of clauses: each is code once, used by any number of clauses under their own slugs.

A kind is one module with `Parameters` (what a clause says beside its amounts), `tables_of` (what
its amounts are of, with the role of each: points, factor, count, percent, flag, or base: points or
a flag) and `compile_clause`, which turns a clause and the readings in force into a judge: a pure
function from the facts of one unit and year to postings, open points and flags, each with the
period of the day that it is about. Compilation looks up the amounts once for each choice of
readings, instead of once for each entry.

A module may also have `reads` and `cases_of`, where they differ from the functions of that name
here, `NAMES` (what amounts are chosen by beside the fields of entries, each with its values; none
for a number), `TIMES` (the numbers that `times` may name, by `of`) and `covered` (which amounts
must be stated for every case, by `of`, with the values to which cases are restricted):
`projections.measure.checking` asks for them.

An amount may be stated for a part of the year (`from`, `until`): a judge asks for the amount of the
day that its posting is about, the `day` of the case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from projections.measure.model import Clause

_NAMES = (
    "due",
    "quota",
    "occurrence",
    "warned",
    "graded",
    "checklist",
    "milestone",
    "rate",
    "clean",
    "all_done",
    "flag",
    "rank",
)


class _Kinds(Mapping[str, ModuleType]):
    """The modules by name, each imported when it is asked for: no measure has all kinds."""

    def __getitem__(self, name: str) -> ModuleType:
        if name not in _NAMES:
            raise KeyError(name)
        return import_module(f"{__name__}.{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


KINDS = _Kinds()
"""The modules of the kinds by their names in a clause's file."""

_ENTRIES = ("entry", "answer", "done_by", "warning")
"""Parameters that name a kind of entry."""


def reads(clause: Clause) -> frozenset[str]:
    """Return the kinds of entries that a clause reads."""
    own = getattr(KINDS[clause.kind], "reads", None)
    if own is not None:
        return frozenset(own(clause))
    named = [getattr(clause.parameters, name, None) for name in _ENTRIES]
    return frozenset([name for name in named if name is not None])


def cases_of(clause: Clause, of: str) -> tuple[str, ...]:
    """Return the kinds of entries by whose fields the amounts of one `of` are chosen."""
    own = getattr(KINDS[clause.kind], "cases_of", None)
    if own is not None:
        return tuple(own(clause, of))
    # Where a unit answers an entry, its case is that of the entry and of the answer.
    given = clause.parameters
    if not hasattr(given, "answer"):
        return ()
    return (given.entry,) if given.answer is None else (given.entry, given.answer)


KIND_VERSION = 1
"""The version of all kinds; one whose meaning changes gets a new one, and old clauses keep it."""
