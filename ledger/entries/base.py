"""What every entry is: declared fields, a number, an optional note, what it replaces and names.

An entry is a plain object. Whatever comes in is checked at the door by a pydantic model that
`ledger.entries.checking` makes of the declaration; what was checked before is read back without
it, so that who only reads waits for no models.
"""

from __future__ import annotations

import inspect
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, NoReturn

from ledger.bounds import plain

if TYPE_CHECKING:
    from ledger.fields import EntryId, Note


class _Required:
    """Stands for the default of a field that has none."""

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Any = _Required()


class Declared(NamedTuple):
    """A field of an entry, as it is declared."""

    annotation: str
    """Its type: an expression of names in `ledger.fields` and `ledger.vocabulary`."""
    title: str | None
    """What the office calls it."""
    description: str | None
    default: Any

    @property
    def required(self) -> bool:
        """Whether an entry must have it."""
        return self.default is REQUIRED


def field(title: str, description: str, default: Any = REQUIRED) -> Any:
    """Declares a field of an entry.

    Args:
        title: what the office calls it.
        description: what it means.
        default: its value where it is left out; without one it must be given.
    """
    return Declared("", title, description, default)


def the_unit() -> Any:
    """Declares the field that names the unit an entry is of."""
    return field("单位", "id of a unit (村、场、社区)")


def _in_json(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain(value)
    return list(value) if isinstance(value, tuple) else value


class _Declaring:
    """Takes the declarations out of a class, so that an entry has the values alone."""

    FIELDS: ClassVar[dict[str, Declared]] = {}
    """The fields by name: those that every entry has, then the kind's own."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        found = dict(cls.FIELDS)
        for name, annotation in inspect.get_annotations(cls).items():
            if annotation.startswith("ClassVar"):
                continue
            value = cls.__dict__.get(name, REQUIRED)
            plainly = Declared(annotation, None, None, value)
            declared = isinstance(value, Declared)
            found[name] = value._replace(annotation=annotation) if declared else plainly
            if name in cls.__dict__:
                delattr(cls, name)
        cls.FIELDS = found


class Entry(_Declaring):
    """What the office records: one JSON object a line (the contract, "Entries").

    Frozen, unknown fields refused, no conversion between types.
    """

    KIND: ClassVar[str]
    TITLE: ClassVar[str]
    REFERENCES: ClassVar[dict[str, str]] = {}
    """Field by field, the kind of entry that its value (or each of its values) must name."""
    DATED_BY: ClassVar[str | None] = None
    """The field that says when what it tells of occurred, or was due."""
    STANDS_FOR: ClassVar[tuple[str, ...]] = ()
    """The fields for whose values only one entry of the kind may stand at a time."""

    id: EntryId = field("编号", "the office's own document number")
    note: Note | None = field("备注", "at most 200 characters", None)
    replaces: EntryId | None = field(
        "替代", "id of a reversed entry whose place this one takes", None
    )

    def __init__(self, *_: object, **__: object) -> None:
        """Not so: an entry comes of a line that was checked, or of a row that once was."""
        raise TypeError(type(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, handler: Any) -> Any:
        """Where pydantic meets an entry's class, it is the model that checks it."""
        from ledger.entries.checking import checked  # noqa: PLC0415 - not for who only reads

        return handler.generate_schema(checked(cls.KIND))

    def check(self) -> None:
        """What no field tells by itself; a fault is raised by `ledger.fields.wrong`."""

    def content(self) -> dict[str, Any]:
        """The entry as the contract's JSON object, optional fields left out where empty."""
        return {name: _in_json(value) for name, value in vars(self).items() if value is not None}

    def references(self) -> list[tuple[str, str, str]]:
        """Every reference as (field, id, kind that the id must be of)."""
        found: list[tuple[str, str, str]] = []
        for name, kind in self.REFERENCES.items():
            value = getattr(self, name)
            if value is not None:
                values = value if isinstance(value, tuple) else (value,)
                found.extend((name, named, kind) for named in values)
        return found

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(name, type(self))

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(name, type(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entry):
            return NotImplemented
        return self.KIND == other.KIND and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.KIND, self.id))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"
