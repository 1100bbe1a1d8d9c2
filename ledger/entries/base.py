"""Base of every entry: an id, an optional note, and the fields that its kind declares.

The modules of entries and events do not defer the evaluation of annotations: msgspec would compile
each from its text in every command, which takes twice as long.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from msgspec import NODEFAULT, to_builtins
from msgspec.structs import fields, replace

from ledger.characters import name_key
from ledger.declared import Declared
from ledger.fields import (
    Choices,
    EntryId,
    EvidenceList,
    Form,
    FormName,
    Label,
    OptionalNote,
    OwnId,
    RefersTo,
    UnitId,
)

Value = TypeVar("Value")

OneUnit = Annotated[UnitId, Label("单位", "id or name of a unit")]
"""The field that names the unit an entry belongs to."""


class Field(NamedTuple):
    """A declared field, as forms, workbooks and messages need it."""

    title: str
    """What the office calls it."""
    description: str
    form: FormName
    """How it is written."""
    choices: tuple[str, ...]
    """The words that it is one of; empty where it is free."""
    refers_to: str | None
    """The kind of entry whose id it is."""
    default: Any
    """Its value where it is left out; `msgspec.NODEFAULT` where it must be given."""
    words: Mapping[str, str] = {}
    """The Chinese of choices that are not of the vocabulary: those of a measure."""
    english: Mapping[str, str] = {}
    """Their English."""

    @property
    def required(self) -> bool:
        """Whether an entry must have it."""
        return self.default is NODEFAULT


class _PerClass:
    """A value computed once for each class, when it is first asked for."""

    def __init__(self, compute: "Callable[[type[Entry]], Any]") -> None:
        self._compute = compute

    def __set_name__(self, base: "type[Entry]", name: str) -> None:
        self._base, self._name = base, name

    def __get__(self, _: object, owner: "type[Entry]") -> Any:
        value = self._compute(owner)
        if owner is self._base:
            return value
        setattr(owner, self._name, value)
        return value


def _metadata(annotation: Any) -> Iterator[Any]:
    """Yield the metadata of an annotation, the outermost last."""
    if get_origin(annotation) is Annotated:
        yield from _metadata(annotation.__origin__)
        yield from annotation.__metadata__
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _metadata(part)


def _bare(annotation: Any) -> Any:
    """Return a type without metadata and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(annotation.__origin__)
    if get_origin(annotation) in (Union, UnionType):
        parts = [_bare(part) for part in get_args(annotation) if part is not NoneType]
        return parts[0] if len(parts) == 1 else annotation
    return annotation


_FORMS: dict[Any, FormName] = {
    bool: "flag",
    int: "whole",
    str: "code",
    Decimal: "decimal",
    date: "day",
    datetime: "moment",
    tuple: "list",
    dict: "pairs",
    Literal: "choice",
    Union: "value",
    UnionType: "value",
}


def _form_of(bare: Any) -> FormName:
    return _FORMS[get_origin(bare) or bare]


def _fields_of(kind: "type[Entry]") -> dict[str, Field]:
    found = {}
    for one in fields(kind):
        metadata = list(_metadata(one.type))
        label = next((m for m in reversed(metadata) if isinstance(m, Label)), Label("", ""))
        refers_to = next((m.kind for m in metadata if isinstance(m, RefersTo)), None)
        bare = _bare(one.type)
        choices = get_args(bare) if get_origin(bare) is Literal else ()
        form = next((m.name for m in metadata if isinstance(m, Form)), None) or _form_of(bare)
        words = next((m for m in metadata if isinstance(m, Choices)), Choices(()))
        found[one.name] = Field(
            *label, form, choices, refers_to, one.default, dict(words.words), dict(words.english)
        )
    return found


def _references_of(kind: "type[Entry]") -> dict[str, str]:
    return {
        name: field.refers_to for name, field in kind.FIELDS.items() if field.refers_to is not None
    }


def subject_fields_of(kind: "type[Entry] | Entry") -> tuple[str, ...]:
    """Return the fields that name what an entry is about: references other than units, and `of`."""
    named = [name for name, target in kind.REFERENCES.items() if target != "unit"]
    return (*named, *(["of"] if "of" in kind.FIELDS and "of" not in named else []))


COMMON = frozenset({"id", "note", "replaces", "evidence"})
"""The fields that every kind has; they are stored first, then the kind, then its own fields."""


class Entry(Declared, frozen=True, kw_only=True, tag_field="kind"):
    """What the office records: one JSON object a line (the contract, "Entries").

    Unknown fields are refused; nothing is converted between types.
    """

    KIND: ClassVar[str] = _PerClass(lambda kind: kind.__struct_config__.tag)  # type: ignore[assignment]
    """The kind's name, as files and commands write it: the `tag` of the class."""
    TITLE: ClassVar[str]
    PREFIX: ClassVar[str]
    """Prefix of the ids that the ledger gives: `SR` of `SR-2016-0007`."""
    DATED_BY: ClassVar[str | None] = None
    """The field that says when what it reports occurred, or was due."""
    STANDS_FOR: ClassVar[tuple[str, ...]] = ()
    """The fields for whose values only one entry of the kind may stand at a time."""
    ALIKE: ClassVar[tuple[str, ...]] = ()
    """The fields by whose values two entries seem to report one thing."""
    FIELDS: ClassVar[dict[str, Field]] = _PerClass(_fields_of)  # type: ignore[assignment]
    """The fields by name: those of every entry, then the kind's own."""
    REFERENCES: ClassVar[dict[str, str]] = _PerClass(_references_of)  # type: ignore[assignment]
    """By field, the kind of entry that its value (or each of its values) must name."""
    SUBJECT_FIELDS: ClassVar[tuple[str, ...]] = _PerClass(subject_fields_of)  # type: ignore[assignment]
    """The fields that name what the entry is about: references other than to units, and `of`."""
    UNSTORED: ClassVar[dict[str, Any]] = {}
    """Values of fields that are not stored: entries of before the field read so, byte by byte."""

    id: Annotated[
        OwnId, Label("编号", "the office's own document number; left out: the ledger gives one")
    ] = ""
    note: Annotated[OptionalNote, Label("备注", "at most 200 characters")] = None
    replaces: Annotated[
        EntryId | None, Label("替代", "id of a reversed entry whose place this one takes")
    ] = None
    evidence: Annotated[
        EvidenceList | None, Label("证明材料", "scanned papers, each as name=SHA-256")
    ] = None

    def filled(self) -> dict[str, Any]:
        """Return the fields that have a value, by name, `kind` among them, in stored order."""
        found: dict[str, Any] = {"id": self.id} if self.id else {}
        # Inherited fields come first, the id before the others.
        common, own = self.__struct_fields__[1 : len(COMMON)], self.__struct_fields__[len(COMMON) :]
        for name in common:
            if (value := getattr(self, name)) is not None:
                found[name] = value
        found["kind"] = self.__struct_config__.tag
        for name in own:
            if (value := getattr(self, name)) is not None:
                found[name] = value
        for name, value in self.UNSTORED.items():
            if found.get(name) == value:
                del found[name]
        return found

    def content(self) -> dict[str, Any]:
        """Return the contract's JSON object, without optional fields that are empty."""
        return {
            name: list(to_builtins(value)) if isinstance(value, tuple) else to_builtins(value)
            for name, value in self.filled().items()
        }

    def of_field(self, name: str) -> Any:
        """Return the value of a field by its name."""
        return getattr(self, name)

    def keyed(self, field: str) -> Any:
        """Return the value of a field by which entries are compared; texts of `ALIKE` folded."""
        value = self.of_field(field)
        if not isinstance(value, str) or field in self.REFERENCES or field not in self.ALIKE:
            return value
        return name_key(value)

    def with_fields(self, changed: Mapping[str, Any]) -> Self:
        """Return a copy with other values of some fields, by their names."""
        return replace(self, **changed)

    def references(self) -> list[tuple[str, str, str]]:
        """Return every reference as (field, id, kind that the id must be of)."""
        found: list[tuple[str, str, str]] = []
        for name, kind in self.REFERENCES.items():
            value = self.of_field(name)
            if value is not None:
                values = value if isinstance(value, tuple) else (value,)
                found.extend((name, named, kind) for named in values)
        return found

    def subjects(self) -> list[str]:
        """Return the ids of what the entry is about, units apart: its batch, case, notice, target.

        With `units_of` and `replaces` these are all the relations between entries.
        """
        found: list[str] = []
        for name in self.SUBJECT_FIELDS:
            value = self.of_field(name)
            if value is not None:
                found.extend(value if isinstance(value, tuple) else (value,))
        return found

    def day(self) -> date | None:
        """Return the day that the entry bears itself, if its kind bears one."""
        if self.DATED_BY is None:
            return None
        found: date = getattr(self, self.DATED_BY)
        return found.date() if isinstance(found, datetime) else found


def units_of(entry: Entry) -> list[str]:
    """Return the ids of the units that an entry names as its own: of a batch its host unit too."""
    units = (getattr(entry, "unit", None), getattr(entry, "host_unit", None))
    return [unit for unit in dict.fromkeys(units) if unit is not None]
