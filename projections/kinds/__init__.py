"""Kinds of clauses: each is code once, used by any number of clauses under their own slugs.

A kind is one module with `Parameters` (what a clause says beside its amounts), `reads` (kinds of
entries), `tables_of` (what its amounts are of, with the role of each: points, factor, count, percent,
flag, or base: points or a flag) and `compile_clause`, which turns a clause and the
readings in force into a judge: a pure function from the facts of one unit and year to postings,
open points and flags. Compilation looks up the amounts once for each choice of readings, instead of
once for each entry.

A module may also have `cases_of` (the kinds of entries by whose fields amounts are chosen), `NAMES`
(what amounts are chosen by beside these, each with its values; none for a number), `TIMES` (the
numbers that `times` may name, by `of`) and `covered` (which amounts must be stated for every case):
`projections.measure.checking` asks for them.
"""

from __future__ import annotations

from types import ModuleType

from projections.kinds import (
    all_done,
    checklist,
    clean,
    due,
    flag,
    graded,
    milestone,
    occurrence,
    quota,
    rank,
    rate,
    warned,
)

KINDS: dict[str, ModuleType] = {
    "due": due,
    "quota": quota,
    "occurrence": occurrence,
    "warned": warned,
    "graded": graded,
    "checklist": checklist,
    "milestone": milestone,
    "rate": rate,
    "clean": clean,
    "all_done": all_done,
    "flag": flag,
    "rank": rank,
}
"""The modules of the kinds by their names in a clause's file."""

KIND_VERSION = 1
"""The version of all kinds; one whose meaning changes gets a new one, and old clauses keep it."""
