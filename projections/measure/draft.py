"""A measure's folder as far as it can be read, and the words that its amounts may use."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ledger.entries import BY_KIND
from projections.facts import BATCH
from projections.kinds import KINDS
from projections.measure.files import CLAUSES, ENTRIES
from projections.measure.model import ByReading, MeasureData

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.entries.base import Field
    from ledger.entries.own import OwnKind
    from ledger.message import Message
    from projections.measure.files import Folder
    from projections.measure.model import Clause, Reading

DomainForm = Literal["choice", "flag", "number", "text", "other"]
"""`text` is any text; by `other`, as a date, nothing can be chosen."""

ROLES = ("alone", "liable", "host")
MANNERS = ("individual", "collective")
_OF_EVERY_KIND = frozenset({"id", "note", "replaces", "evidence"})
_FORMS: dict[str, DomainForm] = {
    "choice": "choice",
    "flag": "flag",
    "whole": "number",
    "decimal": "number",
    "code": "text",
    "prose": "text",
}
_LEAST = {"headcount": 1}
"""The least number of built-in fields that do not begin at 0."""


class Problem(NamedTuple):
    """Why a measure's folder is refused, or a remark on it."""

    file: str
    place: str | None
    """Slug and key, as `screening.amount[1].when`; items are counted from 0."""
    what: Message | str


class Domain(NamedTuple):
    """The values by which an amount may be chosen."""

    form: DomainForm
    values: tuple[str, ...] = ()
    least: int = 0
    optional: bool = False
    """Whether it may be that none is recorded."""


class Draft(NamedTuple):
    """A folder, with everything that is declared in it."""

    folder: Folder
    content: Mapping[str, str]
    own_kinds: Mapping[str, OwnKind]
    readings: dict[str, Reading | None]
    """By name; None for one of a clause that cannot be read."""
    slugs: frozenset[str]
    """Slugs of all clauses, also of those that cannot be read, and of the total."""

    def fields(self, kind: str) -> Mapping[str, Field]:
        """Return the fields of a kind of entry; none for an unknown one."""
        own = self.own_kinds.get(kind)
        if own is not None:
            return own.FIELDS
        return BY_KIND[kind].FIELDS if kind in BY_KIND else {}

    def domain(self, kind: str, name: str) -> Domain | None:
        """Return the values of a kind's field; None without one."""
        field = self.fields(kind).get(name)
        if field is None or name in _OF_EVERY_KIND:
            return None
        optional = field.default is None
        if kind == BATCH and name == "group":
            batches = self.folder.batches
            groups = () if batches is None else tuple(one.value for one in batches.group)
            return Domain("choice", groups, optional=optional)
        form = _FORMS.get(field.form, "other")
        least = self._least(kind, name) if form == "number" else 0
        return Domain(form, tuple(field.choices), least, optional)

    def _least(self, kind: str, name: str) -> int:
        if kind not in self.own_kinds:
            return _LEAST.get(name, 0)
        for entry in tomllib.loads(self.content[ENTRIES]).get("entry", []):
            for field in entry.get("field", []):
                if (entry.get("kind"), field.get("name")) == (kind, name):
                    # A range begins at 0; a number without a least one may be less.
                    return int(Decimal(field.get("min", -1)))
        return 0

    def names(self, clause: Clause, of: str) -> dict[str, Domain]:
        """Return what the amounts of one `of` may be chosen by, with the values of each."""
        kind = KINDS[clause.kind]
        kinds = kind.cases_of(clause, of) if hasattr(kind, "cases_of") else ()
        if kinds:
            return self.names_of(*kinds)
        return {
            name: Domain("choice" if values else "number", tuple(values))
            for name, values in getattr(kind, "NAMES", {}).items()
        }

    def names_of(self, kind: str, answer: str | None = None) -> dict[str, Domain]:
        """Return what an entry of a kind, and the response to it, can be told apart by."""
        found: dict[str, Domain] = {}
        if kind == BATCH:
            found = {"role": Domain("choice", ROLES), "manner": Domain("choice", MANNERS)}
        for name in self.fields(kind):
            domain = self.domain(kind, name)
            if domain is not None:
                found[name] = domain
        for name in () if answer is None else self.fields(answer):
            domain = self.domain(answer or "", name)
            if domain is not None:
                # The entry's own value precedes; there may be no response.
                found.setdefault(name, domain._replace(optional=True))
        return found


def draft_of(folder: Folder, content: Mapping[str, str], own_kinds: Mapping[str, OwnKind]) -> Draft:
    """Return a folder with what is declared in it, also in clauses that cannot be read."""
    readings: dict[str, Reading | None] = {}
    slugs = {folder.total.slug, *folder.file_of}
    for name in content:
        if name.startswith(CLAUSES):
            for data in _raw_clauses(content[name]):
                slugs.add(str(data.get("slug")))
                named = data.get("reading", [])
                for one in named if isinstance(named, list) else []:
                    if isinstance(one, dict):
                        readings[str(one.get("name"))] = None
    readings |= {one.name: one for one in folder.reading}
    readings |= {one.name: one for clause in folder.clause for one in clause.reading}
    return Draft(folder, content, own_kinds, readings, frozenset(slugs))


def _raw_clauses(text: str) -> list[dict[str, Any]]:
    try:
        found = tomllib.loads(text).get("clause", [])
    except tomllib.TOMLDecodeError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def by_readings(
    part: MeasureData, at: str = ""
) -> Iterator[tuple[str, str, MeasureData, ByReading]]:
    """Yield each value that a reading decides as (place, key, what has the key, value)."""
    for name, key in zip(part.__struct_fields__, part.__struct_encode_fields__, strict=True):
        value = getattr(part, name)
        for number, one in enumerate(value if isinstance(value, list) else [value]):
            place = ".".join(filter(None, (at, "" if name == "parameters" else key)))
            place += f"[{number}]" if isinstance(value, list) else ""
            if isinstance(one, ByReading):
                yield place, name, part, one
            elif isinstance(one, MeasureData):
                yield from by_readings(one, place)
