"""What changed between two states of knowledge, unit by unit, and which entries caused it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.decimals import plain
from ledger.entries import Ruling
from ledger.events import FLAGS, RAISED_FLAGS
from projections.causes import Causes
from projections.postings import Flag, OpenPoint, Posting
from projections.presentation import unit_json
from projections.scores import rank_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from projections.postings import ClauseResult
    from projections.scores import Scored, UnitScore


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit: the changed fields of its score before and after, the postings, the causes."""

    unit: str
    name: str
    before: dict[str, Any]
    after: dict[str, Any]
    lost: tuple[Posting, ...]
    """Postings that stood before and do not now."""
    gained: tuple[Posting, ...]
    entries: tuple[str, ...]
    """Ids of what was recorded or verified in between and bears on it."""


def differences(
    before: Scored,
    after: Scored,
    *,
    quarter: int | None = None,
    published: Sequence[Mapping[str, Any]] = (),
    touched: bool = False,
) -> list[UnitChange]:
    """Return every unit whose score, rank, flags or open points differ, in the order of `after`.

    A unit that was corrected in between is one unit, under its present id.

    Args:
        before: what was known first.
        after: what was known later.
        quarter: compare what a bulletin of this quarter shows, and no more.
        published: the figures of that bulletin; they, word for word, are what stood before.
        touched: list a unit too of which a posting differs but no figure.
    """
    root = after.state.root
    earlier, later = _paired(before, after)
    figures = {root(figure["unit"]): _published_fields(figure) for figure in published}
    year = after.scores.town.year
    happened = _happened(before, after)
    rulings = _rulings(happened, before, after)
    causes = Causes(happened, rulings, after.state)
    changes: dict[str, UnitChange] = {}
    for key in [*later, *(key for key in earlier if key not in later)]:
        old, new = earlier.get(key), later.get(key)
        was, now = _fields(old, year, quarter), _fields(new, year, quarter)
        was = figures.get(root(key), was)
        changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        shown_results = _all(old, quarter), _all(new, quarter)
        if quarter is not None and not set(RAISED_FLAGS) & set(changed):
            # Flags of other quarters come and go behind a flag that stays.
            shown_results = _without_flags(shown_results[0]), _without_flags(shown_results[1])
        if changed or (touched and shown_results[0].keys() != shown_results[1].keys()):
            shown = new if new is not None else old
            assert shown is not None
            fields = _only(was, now, changed)
            changes[key] = _change(shown, fields, shown_results, causes)
    _explain_ranks(changes, before, after, earlier, later, rulings)
    return list(changes.values())


def _paired(before: Scored, after: Scored) -> tuple[dict[str, UnitScore], dict[str, UnitScore]]:
    """Return the units before and after by one key: a corrected unit by its present id."""
    root = after.state.root
    later = {score.unit: score for score in after.scores.units}
    earlier: dict[str, UnitScore] = {}
    renamed = {root(unit): unit for unit in later}
    known = {score.unit for score in before.scores.units}
    for score in before.scores.units:
        key = score.unit
        successor = renamed.get(root(key))
        if key not in later and successor is not None and successor not in known:
            key = successor
        earlier[key] = score
    return earlier, later


def _rulings(happened: list[str], before: Scored, after: Scored) -> list[str]:
    """Return the rulings (and reversals of rulings) in between that changed a reading."""
    then, now = before.scores.town, after.scores.town
    found = []
    for entry_id in happened:
        entry_state = after.state.get(after.state.subject(entry_id))
        if (
            entry_state is not None
            and isinstance(entry_state.entry, Ruling)
            and entry_state.entry.year == now.year
            and then.readings.get(entry_state.entry.reading)
            != now.readings.get(entry_state.entry.reading)
        ):
            found.append(entry_id)
    return found


def _published_fields(figure: Mapping[str, Any]) -> dict[str, Any]:
    """Return a unit's figures of a bulletin in the shape of its present ones."""
    flags = {flag: figure[flag] for flag in FLAGS}
    quarter = {key: figure[key] for key in figure if key not in {"unit", "name", *flags}}
    return {"name": figure["name"], "quarters": [quarter], **flags}


def _fields(score: UnitScore | None, year: int, quarter: int | None) -> dict[str, Any]:
    if score is None:
        return {}
    fields = unit_json(score, year)
    if quarter is not None:
        flags = {flag: fields[flag] for flag in FLAGS}
        of_quarter = fields["quarters"][quarter - 1 : quarter]
        return {"name": score.name, "quarters": of_quarter, **flags}
    fields["open"] = sorted(fields["open"], key=lambda point: sorted(map(str, point.values())))
    return fields


def _only(
    was: dict[str, Any], now: dict[str, Any], changed: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the changed fields alone; of the quarters, those that changed."""
    before = {name: was[name] for name in changed if name in was}
    after = {name: now[name] for name in changed if name in now}
    if "quarters" in changed:
        old, new = was.get("quarters", []), now.get("quarters", [])
        before["quarters"] = [quarter for quarter in old if quarter not in new]
        after["quarters"] = [quarter for quarter in new if quarter not in old]
    return before, after


def _shown_as(result: ClauseResult) -> tuple[object, ...]:
    """Return all that a person sees of a result, as a key."""
    if isinstance(result, OpenPoint):
        return tuple(result)
    parts = (result.clause, result.quarter, result.entries, str(result.working))
    return (*parts, result.flag if isinstance(result, Flag) else result.points)


def _all(score: UnitScore | None, quarter: int | None) -> dict[tuple[object, ...], ClauseResult]:
    """Return the results of a unit by all that a person sees of them."""
    if score is None:
        return {}
    if quarter is None:
        return {_shown_as(result): result for result in [*score.results, *score.open]}
    postings = [posting for posting in score.postings() if posting.quarter == quarter]
    results: list[ClauseResult] = [*postings, *score.flags()]
    return {_shown_as(result): result for result in results}


def _change(
    shown: UnitScore,
    fields: tuple[dict[str, Any], dict[str, Any]],
    shown_results: tuple[
        dict[tuple[object, ...], ClauseResult], dict[tuple[object, ...], ClauseResult]
    ],
    causes: Causes,
) -> UnitChange:
    was, now = shown_results
    lost = [result for words, result in was.items() if words not in now]
    gained = [result for words, result in now.items() if words not in was]
    return UnitChange(
        shown.unit,
        shown.name,
        *fields,
        tuple(result for result in lost if isinstance(result, Posting)),
        tuple(result for result in gained if isinstance(result, Posting)),
        tuple(causes.of([*lost, *gained], shown.unit)),
    )


def _happened(before: Scored, after: Scored) -> list[str]:
    """Return ids of entries recorded or verified in between, and of objections, oldest first.

    Where the two are seen at different days, also of what is dated between those days.
    """
    found = []
    first, last = before.scores.town.through, after.scores.town.through
    # A part of a ledger may come in another order than the ledger itself.
    for entry_id, entry_state in sorted(
        after.state.entries.items(), key=lambda item: item[1].recorded.position
    ):
        day = entry_state.entry.day() if first < last else None
        marks = [entry_state.recorded, entry_state.verified]
        if (day is not None and first < day <= last) or any(
            mark is not None and mark.position > before.state.position for mark in marks
        ):
            found.append(entry_id)
    found.extend(
        objection.id
        for objection in after.state.objections.values()
        if any(
            mark is not None and mark.position > before.state.position
            for mark in (objection.raised, objection.decided)
        )
    )
    return found


def _without_flags(
    results: dict[tuple[object, ...], ClauseResult],
) -> dict[tuple[object, ...], ClauseResult]:
    return {key: one for key, one in results.items() if not isinstance(one, Flag)}


def _explain_ranks(
    changes: dict[str, UnitChange],
    before: Scored,
    after: Scored,
    earlier: dict[str, UnitScore],
    later: dict[str, UnitScore],
    rulings: list[str],
) -> None:
    """Give a unit of which only the rank moved the causes of the units that passed it.

    Where nobody's figures moved, a ruling on ranks did it.
    """
    moved = [key for key, change in changes.items() if set(change.after) - {"rank", "open"}]
    order = {key: one.recorded.position for key, one in after.state.entries.items()}
    then, now = _rank_keys(earlier, before), _rank_keys(later, after)
    for key, change in changes.items():
        if "rank" not in change.after or key in moved:
            continue
        causes: dict[str, None] = dict.fromkeys(change.entries)
        for other in moved:
            if _side(key, other, then) != _side(key, other, now):
                causes.update(dict.fromkeys(changes[other].entries))
        if not causes:
            causes.update(dict.fromkeys(rulings))
        entries = tuple(
            sorted(causes, key=lambda cause: order.get(cause, after.state.position + 1))
        )
        changes[key] = UnitChange(
            change.unit,
            change.name,
            change.before,
            change.after,
            change.lost,
            change.gained,
            entries,
        )


def _rank_keys(scores: dict[str, UnitScore], state: Scored) -> dict[str, tuple[bool, Decimal]]:
    """Return the key that each unit is ranked by."""
    return {key: rank_key(score, state.scores.town) for key, score in scores.items()}


def _side(
    key: str, other: str, rank_keys: dict[str, tuple[bool, Decimal]]
) -> tuple[bool, bool] | None:
    """On which side of a unit another one stands; None where one of them is not there."""
    if key not in rank_keys or other not in rank_keys:
        return None
    return rank_keys[key] < rank_keys[other], rank_keys[key] > rank_keys[other]


def change_json(change: UnitChange) -> dict[str, Any]:
    """Return the contract's `diff` of one unit, with the postings that differ."""
    return {
        "unit": change.unit,
        "name": change.name,
        "before": change.before,
        "after": change.after,
        "entries": list(change.entries),
        "postings": {
            "before": [_posting_json(posting) for posting in change.lost],
            "after": [_posting_json(posting) for posting in change.gained],
        },
    }


def _posting_json(posting: Posting) -> dict[str, Any]:
    return {
        "clause": posting.clause,
        "quarter": posting.quarter,
        "points": plain(posting.points),
        "entries": list(posting.entries),
        "working": str(posting.working),
    }
