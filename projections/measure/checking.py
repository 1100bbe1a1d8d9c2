"""Check a measure's folder whole: what a draft is refused for, all of it at once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.entries.own_file import OwnKindsError, own_kinds
from ledger.errors import TallyError
from ledger.message import Message, message_of
from projections.kinds import KINDS
from projections.kinds.compiling import Compilation
from projections.measure.cases import cases_of
from projections.measure.checking_amounts import conflicts, gaps
from projections.measure.checking_clauses import clause_problems
from projections.measure.checking_entries import entries_problems
from projections.measure.checking_head import head_problems
from projections.measure.checking_readings import decided_problems, reading_problems, values_of
from projections.measure.checking_text import text_problems
from projections.measure.converting import UnsoundMeasureError, place_in, toml
from projections.measure.draft import Draft, Problem, draft_of
from projections.measure.files import CLAUSES, ENTRIES, MEASURE, parsed, unreadable
from projections.measure.loading import load_measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ledger.entries.own import OwnKind
    from projections.measure.measure import Measure
    from projections.measure.model import AppliesTo, Clause


_NO_CLAUSE = Message("there is no clause: nothing gives or takes points")


class UnsoundFolderError(UnsoundMeasureError):
    """A measure's folder has problems; all are listed, the first is that of the base class."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(*found[0])
        self.problems = tuple(found)

    def sentences(self) -> Sequence[str]:
        """Return one sentence for each problem."""
        return [sentence(one) for one in self.problems]

    def __str__(self) -> str:
        return "\n".join(self.sentences())


def sentence(problem: Problem) -> Message:
    """Return a problem or remark as one line: file, place, what."""
    where = place_in(problem.file, problem.place)
    return Message("{where}: {what}", where=where, what=problem.what)


def checked(content: Mapping[str, str], year: int | None = None) -> Measure:
    """Return the measure of a folder's texts, if it has no problem.

    Args:
        content: texts by file name.
        year: a year that it is adopted for, beside the one that its text names.

    Raises:
        UnsoundFolderError: it has; all of them are listed.
    """
    found = problems(content)
    if not found and year is not None:
        found = problems(content, year)
    if found:
        raise UnsoundFolderError(found)
    return load_measure(content)


def problems(content: Mapping[str, str], year: int | None = None) -> list[Problem]:
    """Return everything for which a measure's folder is refused.

    A value that does not have its form is left out, and the rest looked at without it, unless it is
    a list or table, on which the rest may depend. Whether every case has one amount, and whether
    every clause can be compiled under every ruling, is asked once the rest is sound.

    Args:
        content: texts by file name.
        year: the assessment year to check; by default the one that the text names.
    """
    faults: list[UnsoundMeasureError] = []
    folder = parsed(content, faults)
    unread = {one.file for one in unreadable(content)}
    content = {name: text for name, text in content.items() if name not in unread}
    try:
        cases_of(content)
    except UnsoundMeasureError as error:
        faults.append(error)
    if not any(name.startswith(CLAUSES) for name in (*content, *unread)):
        faults.append(UnsoundMeasureError(CLAUSES, None, _NO_CLAUSE))
    found = [Problem(one.file, one.place, one.what) for one in faults]
    kinds: Mapping[str, OwnKind] | None = {}
    if ENTRIES in content:
        try:
            toml(ENTRIES, content[ENTRIES])
            kinds = own_kinds(content[ENTRIES])
        except OwnKindsError as error:
            found += (Problem(ENTRIES, place, words) for place, words in error.faults)
            kinds = None
        except UnsoundMeasureError as error:
            found.append(Problem(ENTRIES, None, error.what))
            kinds = None
    elif ENTRIES in unread:
        kinds = None
    if folder is None or any(one.hides for one in faults):
        return found
    if year is not None:
        folder = replace(folder, measure=replace(folder.measure, year=year))
    draft = draft_of(folder, content, kinds or {})
    found += (Problem(MEASURE, key, words) for key, words in head_problems(draft))
    found += reading_problems(draft)
    found += _items(draft)
    if kinds is not None:
        found += (Problem(ENTRIES, place, words) for place, words in entries_problems(kinds))
        found += _of_clauses(draft, whole=not found)
    found += text_problems(draft)
    return _without_consequences(found, faults) or list(_compiled(draft))


def _without_consequences(
    found: Sequence[Problem], faults: Sequence[UnsoundMeasureError]
) -> list[Problem]:
    """Leave out the problems of what lacks a key because that key's own fault is told."""
    inner = [(one.file, one.place or "") for one in faults]
    return [
        one
        for one in found
        if (one.file, one.place or "") in inner
        or not any(file == one.file and at.startswith(f"{one.place}.") for file, at in inner)
    ]


def _of_clauses(draft: Draft, *, whole: bool) -> Iterator[Problem]:
    """Yield the problems of each clause; those of its cases only if all else is whole."""
    for clause in draft.folder.clause:
        found = list(chain(clause_problems(draft, clause), decided_problems(draft, clause)))
        if whole and not found:
            found = list(chain(conflicts(draft, clause), gaps(draft, clause)))
        file = draft.folder.file_of[clause.slug]
        for key, words in found:
            yield Problem(file, f"{clause.slug}.{key}".rstrip("."), words)


def _items(draft: Draft) -> Iterator[Problem]:
    """Yield the items of an inspection for which a unit has several clauses."""
    of_item: dict[tuple[str, str], list[Clause]] = {}
    for one in draft.folder.clause:
        if one.kind == "graded":
            of_item.setdefault((one.parameters.entry, one.parameters.item), []).append(one)
    for one in chain.from_iterable(of_item.values()):
        item = one.parameters.item
        others = [other for other in of_item[one.parameters.entry, item] if other is not one]
        if not all(_are_apart(one.applies_to, other.applies_to) for other in others):
            words = Message("several clauses are for item {item}", item=item)
            yield Problem(draft.folder.file_of[one.slug], f"{one.slug}.item", words)


def _are_apart(one: AppliesTo | None, other: AppliesTo | None) -> bool:
    return one is not None and other is not None and one.excludes(other)


def _compiled(draft: Draft) -> Iterator[Problem]:
    """Yield the clauses that cannot be compiled under some value of some reading."""
    measure = load_measure(draft.content)
    usual = measure.in_force({})
    told = set[str]()
    for changed in [
        {},
        *(
            {one.name: value}
            for one in measure.readings.values()
            for value in values_of(one)
            if value != one.default
        ),
    ]:
        for clause in measure.clauses.values():
            words = _fault(clause, {**usual, **changed}, measure)
            if words is not None and clause.slug not in told:
                told.add(clause.slug)
                yield Problem(draft.folder.file_of[clause.slug], clause.slug, words)


def _fault(clause: Clause, readings: Mapping[str, str], measure: Measure) -> Message | str | None:
    try:
        KINDS[clause.kind].compile_clause(Compilation(clause, readings, measure))
    except TallyError as error:
        return message_of(error)
    except (
        AssertionError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        return Message("cannot be compiled: {error!r}", error=error)
    return None
