"""Sums of points that a measure states and that its clauses do not give."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ledger.decimals import plain
from ledger.message import Message, Series
from projections.measure.checking_text import bare
from projections.measure.draft import Problem
from projections.measure.files import MEASURE, SENTENCES
from projections.measure.model import number_of
from projections.measure.quoted_numbers import NUMBER, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.measure.files import Folder
    from projections.measure.model import Clause

_FULL = {"graded": "full", "rate": "full", "milestone": "done", "quota": "reached"}
"""By kind of clause, the `of` of the points of an item that is done wholly."""

_HEADING = re.compile(rf"[（(][共计]?({NUMBER})分[)）]")


class _Unit(NamedTuple):
    """Type, group and id by which clauses select units; None for any other value."""

    type: str | None
    group: str | None
    unit: str | None


def full_points_of(folder: Folder) -> dict[str, Decimal]:
    """Return the points of each clause of which all is done, as the text is read by default."""
    readings = {one.name: one.default for *_, one in folder.placed_readings()}
    found = {one.slug: full_points(one, readings) for one in folder.clause}
    return {slug: points for slug, points in found.items() if points is not None}


def sums(folder: Folder, points: Mapping[str, Decimal]) -> Iterator[Problem]:
    """Yield the sections, and the headings over several clauses, whose sums do not meet."""
    for number, section in enumerate(folder.section):
        of_section = [one for one in folder.clause if one.section == section.slug]
        for words in _unmet(section.points, of_section, points, least=1):
            yield Problem(MEASURE, f"section[{number}].points", words)
    for number, sentence in enumerate(folder.sentence):
        heading = _HEADING.findall(bare(sentence.text))
        stated = value_of(heading[0]) if len(heading) == 1 else None
        named = [one for one in folder.clause if one.slug in sentence.clause]
        for words in _unmet(stated, named, points, least=2):
            yield Problem(SENTENCES, f"sentence[{number}]", words)
    families: dict[tuple[str, str], list[Clause]] = {}
    for clause in folder.clause:
        families.setdefault((clause.section, clause.sentence.zh), []).append(clause)
    for (_, text), family in families.items():
        first = _HEADING.search(bare(text))
        stated = None if first is None else value_of(first[1])
        for words in _unmet(stated, family, points, least=2):
            place = Series(one.slug for one in family)
            yield Problem(folder.file_of[family[0].slug], str(place), words)


def full_points(clause: Clause, readings: Mapping[str, str]) -> Decimal | None:
    """Return the points of a clause of which all is done; None if they are not known.

    Args:
        clause: the clause.
        readings: the value of every reading.
    """
    for bound in (clause.opening, clause.cap):
        if bound is not None:
            return number_of(bound, readings)
    stated = {one.of: one for one in clause.amount if one.is_stated(readings)}
    full = stated.get(_FULL.get(clause.kind, ""))
    points = None if full is None else number_of(full.points, readings)
    if clause.kind == "quota" and "each" in stated and "owed" in stated:
        each = number_of(stated["each"].points, readings)
        points = None if each is None else (points or 0) + each * (stated["owed"].count or 0)
    return points


def _unmet(
    stated: Decimal | None, clauses: Sequence[Clause], points: Mapping[str, Decimal], *, least: int
) -> Iterator[Message]:
    """Yield how the points of clauses for one sort of units differ from the sum that is stated.

    Where clauses restrict different things, some sorts of units may not exist: one that meets
    the sum is then enough.

    Args:
        stated: the sum; None if there is none.
        clauses: those that it is of.
        points: their points.
        least: how many clauses of known points there are at least.
    """
    known = [one for one in clauses if one.slug in points]
    kept = {name: _values(known, name) for name in _Unit._fields}
    mixed = sum(values != [None] for values in kept.values()) > 1
    if mixed:
        kept = {name: [*values, None] for name, values in kept.items()}
    found = []
    for unit in map(_Unit._make, product(*kept.values())):
        own = [points[one.slug] for one in known if _is_for(one, unit)]
        if len(own) >= least:
            found.append(own)
    wrong = [own for own in found if sum(own) != stated]
    if stated is not None and wrong and not (mixed and len(wrong) < len(found)):
        yield _not_met(stated, wrong[0])


def _values(clauses: Sequence[Clause], name: str) -> list[str | None]:
    """Return the values by which clauses restrict their units; None alone if they do not."""
    given = (getattr(one.applies_to, name) for one in clauses if one.applies_to is not None)
    return [*dict.fromkeys(value for values in given for value in values or ())] or [None]


def _is_for(clause: Clause, unit: _Unit) -> bool:
    """Return whether a clause is for a sort of units."""
    to = clause.applies_to
    return to is None or all(
        allowed is None or value in allowed
        for allowed, value in zip((to.type, to.group, to.unit), unit, strict=True)
    )


def _not_met(stated: Decimal, parts: Sequence[Decimal]) -> Message:
    return Message(
        "{stated} is stated, and the parts give {sum}: {parts}",
        stated=plain(stated),
        sum=plain(sum(parts, Decimal(0))),
        parts=" + ".join(map(plain, parts)),
    )
