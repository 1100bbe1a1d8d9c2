"""Kinds of entries that a measure declares (`entries.toml`), from a closed set of field types.

A declared kind becomes a class like the built-in ones, so that forms, workbooks and pydantic treat
it alike. What is stored is a `MeasureEntry`, which is read without the measure.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from msgspec import defstruct
from msgspec.structs import replace

from ledger.entries.base import COMMON, Entry, OneUnit, subject_fields_of
from ledger.fields import Day, Label, OwnValue, Word

RESERVED = COMMON | {"kind", "unit"}
"""Names that no field of a measure's own kind may have: every entry of one has these."""


class _OfInstance:
    """Class attribute with a value of its own for each instance."""

    def __init__(self, of_class: Any, of_instance: Callable[[Any], Any]) -> None:
        self._of_class, self._of_instance = of_class, of_instance

    def __get__(self, instance: Any, owner: type) -> Any:
        return self._of_class if instance is None else self._of_instance(instance)


class MeasureEntry(Entry, frozen=True, kw_only=True, tag="measure_entry"):
    """An entry of a kind that a measure declares; outside it is a flat object like any other."""

    KIND: ClassVar[str] = _OfInstance("measure_entry", lambda entry: entry.of_kind)  # type: ignore[assignment]
    TITLE: ClassVar[str] = "办法自定记录"
    DATED_BY: ClassVar[str | None] = "dated"
    STANDS_FOR: ClassVar[tuple[str, ...]] = _OfInstance((), lambda entry: entry.unique or ())  # type: ignore[assignment]
    ALIKE: ClassVar[tuple[str, ...]] = _OfInstance((), lambda entry: entry.of_content())  # type: ignore[assignment]
    REFERENCES: ClassVar[dict[str, str]] = _OfInstance(  # type: ignore[assignment]
        {"unit": "unit"}, lambda entry: {"unit": "unit", **(entry.refers_to or {})}
    )
    SUBJECT_FIELDS: ClassVar[tuple[str, ...]] = _OfInstance((), subject_fields_of)  # type: ignore[assignment]

    of_kind: Annotated[Word, Label("种类", "the kind's name in the measure")]
    unit: OneUnit
    dated: Annotated[Day | None, Label("日期", "day of the field that dates it")] = None
    refers_to: Annotated[
        dict[Word, Word] | None, Label("引用", "by field, the kind of entry whose id it is")
    ] = None
    unique: Annotated[
        tuple[str, ...] | None,
        Label("唯一", "fields for whose values one entry alone may stand at a time"),
    ] = None
    values: Annotated[dict[Word, OwnValue], Label("内容", "the values of the kind's own fields")]

    def of_field(self, name: str) -> Any:
        """Return the value of a field, one of the kind's own among them; None without one."""
        return self.values[name] if name in self.values else getattr(self, name, None)

    def of_content(self) -> tuple[str, ...]:
        """Return the fields by whose values two entries seem to report one thing: all that it has.

        None where some of them may have their values but once: then nothing is left to doubt.
        """
        return () if self.unique else ("unit", *sorted(self.values))

    def with_fields(self, changed: Mapping[str, Any]) -> Self:
        """Return a copy with other values of some fields, the kind's own among them."""
        own = {name: value for name, value in changed.items() if name in self.values}
        rest = {name: value for name, value in changed.items() if name not in self.values}
        return replace(self, values={**self.values, **own}, **rest)

    def content(self) -> dict[str, Any]:
        """Return the flat JSON object: the kind's own fields beside those of every kind."""
        found = super().content()
        values = found.pop("values")
        for name in ("of_kind", "dated", "refers_to", "unique"):
            found.pop(name, None)
        return {**found, "kind": self.of_kind, **values}


class OwnEntry(Entry, frozen=True, kw_only=True):
    """Base of the classes that validate a measure's own kinds."""

    TITLE_EN: ClassVar[str]

    unit: OneUnit

    def stored(self) -> MeasureEntry:
        """Return the entry as it is stored."""
        found = self.content()
        refers_to = {name: kind for name, kind in self.REFERENCES.items() if name not in RESERVED}
        return MeasureEntry(
            id=self.id,
            note=self.note,
            replaces=self.replaces,
            evidence=self.evidence,
            of_kind=self.KIND,
            unit=self.unit,
            dated=self.day(),
            refers_to=refers_to or None,
            unique=self.STANDS_FOR or None,
            values={name: value for name, value in found.items() if name not in RESERVED},
        )

    def day(self) -> date | None:
        """Return the day of the field that dates it; None for a kind dated by a year."""
        found = None if self.DATED_BY is None else getattr(self, self.DATED_BY)
        if isinstance(found, datetime):
            return found.date()
        return found if isinstance(found, date) else None


OwnKind = type[OwnEntry]
"""A kind that a measure declares: `KIND`, `TITLE`, `PREFIX`, `DATED_BY`, `FIELDS`."""


def own_kind(
    kind: str,
    title: str,
    title_en: str,
    fields: list[tuple[str, Any] | tuple[str, Any, Any]],
    *,
    prefix: str,
    dated_by: str | None,
    unique: tuple[str, ...],
) -> OwnKind:
    """Return the class of a kind, made of the types of its fields."""
    made = defstruct(
        f"Own_{kind}",
        fields,
        bases=(OwnEntry,),
        frozen=True,
        kw_only=True,
        tag=kind,
        namespace={
            "__doc__": title,
            "TITLE": title,
            "TITLE_EN": title_en,
            "PREFIX": prefix,
            "DATED_BY": dated_by,
            "STANDS_FOR": unique,
        },
    )
    assert issubclass(made, OwnEntry)
    return made
