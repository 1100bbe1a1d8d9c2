"""Check the clauses of a draft one by one: what they name, and what their amounts state."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ledger.entries import BY_KIND
from ledger.message import Message, Series
from projections.facts import BATCH
from projections.gathering import DATED
from projections.kinds import KINDS
from projections.measure.checking_kinds import kind_problems, undeclared
from projections.measure.checking_readings import conditions
from projections.measure.draft import Domain
from projections.measure.model import is_range

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.measure.draft import Draft
    from projections.measure.model import Amount, AppliesTo, Clause, Condition

_SLUG = re.compile(r"[^\W_](?:[\w-]|\.(?!\.)){0,63}")

FLAGS = "flags"
"""The section of a clause that gives no points."""

_SUITS = {
    "points": ("points",),
    "factor": ("factor",),
    "count": ("count",),
    "percent": ("percent",),
    "flag": ("flag",),
    "base": ("points", "flag"),
}
"""The quantities that suit the role of an amount."""

_OF_QUOTA = ("short", "reached", "each", "surplus")
_REPORTS = ("screening_report", "case_report")
_OTHERS = {
    "due": _REPORTS,
    "quota": (BATCH, *DATED, "case_report"),
    "warned": (BATCH,),
    "graded": ("inspection_finding",),
    "all_done": DATED,
}
"""By kind of clause, the built-in kinds that it can count, if not batches and `DATED`."""


def clause_problems(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with a clause as (key, message)."""
    if _SLUG.fullmatch(clause.slug) is None:
        yield "slug", Message("must be 1 to 64 letters, digits, '-', '_' or '.'")
    sections = {one.slug: one for one in draft.folder.section}
    if clause.section not in sections and (clause.kind != "flag" or clause.section != FLAGS):
        yield "section", undeclared(clause.section, Message("section"), sections)
    yield from applies_to_problems(draft, clause.applies_to, "applies_to")
    for key in ("citation", "sentence.zh"):
        text = clause.citation if key == "citation" else clause.sentence.zh
        if not text.strip():
            yield key, Message("is empty")
    yield from bounds_problems(clause.floor, clause.cap)
    yield from _together(draft, clause)
    yield from _entries(draft, clause)
    yield from _parameters(draft, clause)
    for number, amount in enumerate(clause.amount):
        for key, words in _amount(draft, clause, amount):
            yield f"amount[{number}]{key and '.'}{key}", words
    yield from _needed(draft, clause)


def bounds_problems(floor: Any, cap: Any) -> Iterator[tuple[str, Message]]:
    """Yield that a floor lies above its cap."""
    if isinstance(floor, Decimal) and isinstance(cap, Decimal) and floor > cap:
        yield "floor", Message("{floor} lies above the cap, {cap}", floor=floor, cap=cap)


def _together(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the clauses that a clause is bounded with."""
    if clause.together_with and clause.floor is None and clause.cap is None:
        yield "together_with", Message("goes with a floor or a cap")
    slugs = [one.slug for one in draft.folder.clause]
    before = slugs[: slugs.index(clause.slug)]
    for slug in clause.together_with:
        if slug not in before:
            words = Message(
                "{slug!r} is not a clause before this one; there are {known}",
                slug=slug,
                known=Series(before),
            )
            yield "together_with", words


def applies_to_problems(
    draft: Draft, to: AppliesTo | None, at: str
) -> Iterator[tuple[str, Message]]:
    """Yield the types and groups of units that are not declared."""
    units = draft.folder.units
    if to is None:
        return
    for key, named, known in (("type", to.type, units.type), ("group", to.group, units.group)):
        declared = [one.value for one in known]
        for name in named or ():
            if name not in declared:
                what = Message("type of units") if key == "type" else Message("group of units")
                yield f"{at}.{key}", undeclared(name, what, declared)


def _entries(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the kinds of entries that a clause names."""
    given = clause.parameters
    entry, known = getattr(given, "entry", None), {*BY_KIND, *draft.own_kinds}
    if entry is None:
        return
    countable = [*_OTHERS.get(clause.kind, (BATCH, *DATED)), *draft.own_kinds]
    if entry not in countable:
        yield (
            "entry",
            Message(
                "{entry!r} is not a kind of entry that {kind} can count; it can count {known}",
                entry=entry,
                kind=clause.kind,
                known=Series(countable),
            ),
        )
    elif entry in draft.own_kinds and draft.own_kinds[entry].DATED_BY is None:
        yield "entry", Message("{entry} has no dated_by in entries.toml", entry=entry)
    for key in ("answer", "done_by"):
        name = getattr(given, key, None)
        if name is None:
            continue
        if name not in known:
            yield key, undeclared(name, Message("kind of entry"), sorted(known))
        elif entry not in {one.refers_to for one in draft.fields(name).values()}:
            yield key, Message("{name} does not refer to {entry}", name=name, entry=entry)


def _parameters(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield what is wrong with the parameters of a kind that its types do not say."""
    given = clause.parameters
    names = draft.names_of(given.entry) if getattr(given, "entry", None) else {}
    for number, where in enumerate(getattr(given, "where", [])):
        answer = getattr(given, "answer", None)
        yield from _when(where.when, draft.names_of(given.entry, answer), f"where[{number}].when")
        yield from conditions(draft, where.condition, f"where[{number}].if")
    yield from kind_problems(draft, clause, names)


def _amount(draft: Draft, clause: Clause, amount: Amount) -> Iterator[tuple[str, Message]]:
    kind = KINDS[clause.kind]
    tables = kind.tables_of(clause)
    role = tables.get(amount.of)
    if role is None:
        yield (
            "of",
            Message(
                "{kind} uses no amounts of “{of}” here; it uses {known}",
                kind=clause.kind,
                of=amount.of,
                known=Series(tables),
            ),
        )
    yield from _quantity(draft, amount, role)
    if not amount.citation.strip():
        yield "citation", Message("is empty")
    names = draft.names(clause, amount.of)
    if role is not None:
        yield from _when(amount.when, names, "when")
    yield from conditions(draft, amount.condition, "if")
    if amount.since and amount.until and amount.since > amount.until:
        yield "until", Message("lies before from, {day}", day=amount.since)
    if amount.times is not None:
        times = getattr(kind, "TIMES", {}).get(amount.of, ())
        if role == "base":
            of_entry = draft.names_of(clause.parameters.entry)
            times = tuple(name for name, domain in of_entry.items() if domain.form == "number")
        if amount.times not in times:
            yield (
                "times",
                Message(
                    "{times!r} is not a number that “{of}” can be multiplied by; there are {known}",
                    times=amount.times,
                    of=amount.of,
                    known=Series(times),
                ),
            )


def _quantity(draft: Draft, amount: Amount, role: str | None) -> Iterator[tuple[str, Message]]:
    stated = amount.stated()
    if len(stated) != 1:
        words = Message("states nothing; give points, factor, count, percent or flag")
        if stated:
            words = Message("states {several}; give one of them", several=Series(stated))
        yield "", words
    elif role is not None and stated[0] not in _SUITS[role]:
        yield (
            stated[0],
            Message(
                "does not suit “{of}”, which is stated in {expected}",
                of=amount.of,
                expected=Series(_SUITS[role]),
            ),
        )
    if amount.count is not None and amount.count < 0:
        yield "count", Message("must be 0 or more")
    flags = [one.flag for one in draft.folder.flag]
    if amount.flag is not None and amount.flag not in flags:
        yield "flag", undeclared(amount.flag, Message("flag"), flags)


def _when(
    when: Mapping[str, Condition], names: Mapping[str, Domain], at: str
) -> Iterator[tuple[str, Message]]:
    for name, condition in when.items():
        domain = names.get(name)
        if domain is None or domain.form == "other":
            # What differs between units is stated in clauses of their own, by applies_to.
            known = [k for k, found in names.items() if found.form != "other" and k != "unit"]
            if not known:
                yield f"{at}.{name}", Message("nothing can be told apart here; take it out")
                continue
            yield (
                f"{at}.{name}",
                Message(
                    "{name!r} cannot tell cases apart here; what can is {known}",
                    name=name,
                    known=Series(known),
                ),
            )
            continue
        words = _condition(condition, domain)
        if words is not None:
            yield f"{at}.{name}", words


def _condition(condition: Condition, domain: Domain) -> Message | None:
    """Return why a condition does not fit the values that it is about; None if it does."""
    is_a_range = isinstance(condition, str) and is_range(condition)
    if domain.form == "choice" and not domain.values:
        return Message("has no values: declare them in measure.toml, under [batches]")
    if domain.form == "flag":
        return None if isinstance(condition, bool) else Message("must be true or false")
    if domain.form == "number":
        words = Message("must be a range of whole numbers, as 6-10, 31- or 5")
        return None if is_a_range else words
    if not isinstance(condition, list) or not condition:
        if is_a_range:
            return Message("is a range, but what it is about is not a number")
        return Message('must be a list, as ["{value}"]', value=(*domain.values, "…")[0])
    return _listed(condition, domain)


def _listed(condition: list[str | bool], domain: Domain) -> Message | None:
    for value, times in Counter(condition).items():
        if domain.form == "choice" and value not in domain.values:
            return Message(
                "{value!r} is not a value of it; there are {known}",
                value=value,
                known=Series(domain.values),
            )
        if times > 1:
            return Message("has {value!r} twice", value=value)
    return None


def _needed(draft: Draft, clause: Clause) -> Iterator[tuple[str, Message]]:
    """Yield the amounts that a clause of a kind cannot do without."""
    stated = {amount.of for amount in clause.amount}
    if not stated:
        yield "amount", Message("states no amount")
    elif clause.kind == "quota" and not _can_count(clause):
        yield "amount", Message("nothing of it gives points: state short, reached, each or surplus")
    elif clause.kind == "rate" and ("full" in stated) == ({"threshold", "below"} <= stated):
        yield "amount", Message("state “full”, or both “threshold” and “below”")
    elif clause.kind == "graded" and clause.parameters.entry in draft.own_kinds:
        names = draft.names_of(clause.parameters.entry)
        for name in ("item", "points"):
            if name not in names:
                words = Message(
                    "{entry} has no field {name}", entry=clause.parameters.entry, name=name
                )
                yield "entry", words
        words_of_item = _listed([clause.parameters.item], names.get("item", Domain("text")))
        if words_of_item is not None:
            yield "item", words_of_item


def _can_count(clause: Clause) -> bool:
    """Return whether some number of entries earns or costs something."""
    stated = {one.of for one in clause.amount if one.points != 0}
    most = max((one.count or 0 for one in clause.amount if one.of == "owed"), default=0)
    return bool(stated & ({"reached", "surplus"} if most == 0 else set(_OF_QUOTA)))
