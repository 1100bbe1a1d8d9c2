"""Write corrections with what they moved: as text and as CSV."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cli.language import render
from cli.output import shown
from cli.output.changes import field_changes
from cli.output.entry_words import kind_word
from cli.output.lines import print_line
from cli.output.times import office_time
from ledger.decimals import plain
from ledger.instants import instant_text
from ledger.message import Bilingual, Message, Series
from projections.postings import ZERO

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ledger.kinds import Kinds
    from ledger.state import EventRef
    from projections.corrections import Correction, FieldChange
    from projections.measure import Measure
    from projections.moved import Moved, Moves, UnitMove

NOT_COMPUTED = Message("what it moved is not computed")
"""The words for a correction that the bound of work left out."""


def is_of_rank(move: UnitMove) -> bool:
    """Return whether a correction moved a unit's rank alone, because others passed it."""
    return set(move.before) | set(move.after) == {"rank"}


def points_moved(moved: Moved | None) -> Decimal | None:
    """Return by how many points a correction moved totals, all units together; None: unknown."""
    if moved is None or moved.failed is not None:
        return None
    changes = (
        Decimal(one.after.get("total", "0")) - Decimal(one.before.get("total", "0"))
        for one in moved.units
    )
    return sum(map(abs, changes), ZERO)


def print_corrections(
    found: Sequence[Correction], moves: Moves, kinds: Kinds, measure: Measure, left_out: int
) -> None:
    """Print each correction in a few lines, the oldest first.

    Args:
        found: the corrections.
        moves: what was computed of them.
        kinds: of the ledger, for titles of kinds and fields.
        measure: of the year, for the titles of sections and flags.
        left_out: of how many it was not computed what they moved.
    """
    titles = {
        **{name: one.title.text for name, one in measure.flags.items()},
        **{name: one.title.text for name, one in measure.sections.items()},
    }

    def worded(name: str) -> str:
        return render(titles.get(name, name))

    for one in found:
        print_line("\n" + render(_head(one, kinds)))
        for replacement in one.replacements:
            changes = Series(change_message(change, one, kinds) for change in replacement.changes)
            words = Message("replaced by {id}: {changes}", id=replacement.id, changes=changes)
            print_line("  " + render(words))
        print_line("  " + render(effect_message(one)))
        if one.published_in:
            words = Message("counted in {editions}", editions=Series(one.published_in))
            print_line("  " + render(words))
        _print_moved(moves.known(one), worded)
    print_line("\n" + render("{count} {count:correction|corrections}", count=len(found)))
    if left_out:
        print_line(
            render(
                "What {count} of them moved is not computed: name them, or give --full",
                count=left_out,
            )
        )


def _head(one: Correction, kinds: Kinds) -> Message:
    return Message(
        "{entry} {kind} {unit}: taken back by {by} on {at} ({reversal}): {reason}",
        entry=one.entry.id,
        kind=kind_word(one.entry.KIND, kinds),
        unit=one.unit or "",
        by=one.reversed.by,
        at=_time(one.reversed),
        reversal=one.reversal,
        reason=one.reason,
    )


def effect_message(one: Correction) -> Message:
    """Return who verified the reversal and when, or that nobody has."""
    if one.counts_twice:
        return Message("not verified yet: the entry and its replacement both count until then")
    if one.verified is None:
        return Message("not verified yet: the entry counts until then")
    return Message("verified by {by} on {at}", by=one.verified.by, at=_time(one.verified))


def change_message(change: FieldChange, one: Correction, kinds: Kinds) -> Message:
    """Return a field of the entry with its value before and after."""
    of_entry = kinds.under(one.entry.content())
    fields = of_entry.fields(one.entry.KIND) if one.entry.KIND in of_entry else {}
    field = fields.get(change.field)

    def value(given: Any) -> str:
        text = "—" if given is None else shown(given)
        if field is None or not (isinstance(given, bool) or given in field.choices):
            return text
        word = field.words.get(text)
        return Message("{choice}", choice=text) if word is None else Bilingual(text, word)

    return Message(
        "{field}: {before} → {after}",
        field=change.field if field is None else Bilingual(change.field, field.title),
        before=value(change.before),
        after=value(change.after),
    )


def _time(ref: EventRef) -> str:
    return office_time(instant_text(ref.at))


def _print_moved(moved: Moved | None, worded: Callable[[str], str]) -> None:
    if moved is None:
        print_line("  " + render(NOT_COMPUTED))
        return
    if moved.failed is not None:
        print_line("  " + render(moved.failed))
        return
    if not moved.units:
        print_line("  " + render("moved no score, rank or flag"))
    for unit in moved.units:
        if not is_of_rank(unit):
            changes = Series(
                f"{name} {before} → {after}" for name, before, after in field_changes(unit, worded)
            )
            print_line(f"  {unit.unit} {unit.name}: {render('{fields}', fields=changes)}")
    ranks = sum(map(is_of_rank, moved.units))
    if ranks:
        print_line("  " + render("the rank alone of {count} {count:unit|units}", count=ranks))


def correction_rows(found: Sequence[Correction], moves: Moves) -> tuple[list[str], list[list[Any]]]:
    """Return CSV header and rows: a row for each correction."""
    header = [
        *("entry", "kind", "unit", "dated", "reversal", "reversed_position", "reversed_at"),
        *("reversed_by", "reason", "verified_position", "verified_at", "verified_by"),
        *("replaced_by", "changes", "published_in", "points_moved", "units_moved", "moved"),
    ]
    rows = []
    for one in found:
        told, moved = one.as_json(), moves.known(one)
        taken_back, verified = told["reversed"], told["verified"] or {}
        points = points_moved(moved)
        rows.append(
            [
                *(told[name] for name in header[:5]),
                *(taken_back[name] for name in ("position", "at", "by")),
                one.reason,
                *(verified.get(name) for name in ("position", "at", "by")),
                " ".join(replacement.id for replacement in one.replacements),
                "; ".join(
                    f"{change.field}: {_text(change.before)} → {_text(change.after)}"
                    for replacement in one.replacements
                    for change in replacement.changes
                ),
                " ".join(one.published_in),
                None if points is None else plain(points),
                None if moved is None or moved.failed else len(moved.units),
                None if moved is None else _moved_text(moved),
            ]
        )
    return header, rows


def _text(value: Any) -> str:
    return "—" if value is None else shown(value)


def _moved_text(moved: Moved) -> str:
    if moved.failed is not None:
        return str(moved.failed)
    return "; ".join(
        f"{unit.unit} {name}: {before} → {after}"
        for unit in moved.units
        for name, before, after in field_changes(unit)
    )


def moved_json(moved: Moved | None) -> Mapping[str, Any]:
    """Return the contract's `moved` of a correction; null where it is not known, with why."""
    if moved is None:
        return {"moved": None, "unknown": "not_computed"}
    if moved.failed is not None:
        return {"moved": None, "unknown": str(moved.failed)}
    return {"moved": [one.as_json() for one in moved.units], "unknown": None}
