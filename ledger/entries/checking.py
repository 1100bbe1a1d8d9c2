"""What checks an entry at the door: a pydantic model of each kind, made of its declaration."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, cast, get_type_hints

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    create_model,
    field_validator,
    model_validator,
)

from ledger import fields, vocabulary
from ledger.entries import BY_KIND, AnyEntry
from ledger.entries.base import Declared, Entry

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

_NAMES = {**vars(vocabulary), **vars(fields), "ClassVar": ClassVar, "Declared": Declared}
_set = object.__setattr__


class Checked(BaseModel):
    """An entry that was checked: of a model that is also one of the declared class."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)

    def __init_subclass__(cls, **_: Any) -> None:
        """Declares nothing: the fields are those of the class that is checked."""

    def __reduce__(self) -> Any:
        """Pickled as the entry that it is: its model is made anew where it is read."""
        return _again, (self.KIND, self.__dict__)  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        """As of the same entry read back, to which this one is equal."""
        return Entry.__hash__(cast("Entry", self))

    @field_validator("note", mode="before", check_fields=False)
    @classmethod
    def _empty_is_none(cls, value: Any) -> Any:
        return None if value == "" else value


def _as_a_whole(entry: Any) -> Any:
    entry.check()
    return entry


def _field(declared: Any) -> FieldInfo:
    default = {} if declared.required else {"default": declared.default}
    made: FieldInfo = Field(title=declared.title, description=declared.description, **default)
    return made


@cache
def types_of(kind: str) -> dict[str, Any]:
    """The types of a kind's fields, with their bounds."""
    found = get_type_hints(BY_KIND[kind], globalns=_NAMES, include_extras=True)
    return {name: found[name] for name in BY_KIND[kind].FIELDS}


@cache
def checked(kind: str) -> type[Checked]:
    """The model that checks entries of a kind; its objects are entries of the kind."""
    declared = BY_KIND[kind]
    types = types_of(kind)
    made = {name: (types[name], _field(one)) for name, one in declared.FIELDS.items()}
    whole: dict[str, Any] = {}
    if declared.check is not Entry.check:
        whole["_as_a_whole"] = model_validator(mode="after")(_as_a_whole)
    model = create_model(  # type: ignore[call-overload]
        f"Checked{declared.__name__}",
        __base__=(Checked, declared),
        __module__=__name__,
        __doc__=declared.__doc__,
        __validators__=whole,
        **made,
    )
    return cast("type[Checked]", model)


@cache
def entry_adapter() -> TypeAdapter[AnyEntry]:
    """What reads an entry of any kind; made when the first one comes in."""
    return TypeAdapter(Annotated[AnyEntry, Field(discriminator="kind")])


def as_checked(entry: Entry) -> Checked:
    """An entry as an object of its model; what was read back was checked when it was stored."""
    if isinstance(entry, Checked):
        return entry
    return _again(entry.KIND, vars(entry))


def _again(kind: str, values: dict[str, Any]) -> Checked:
    model = checked(kind)
    made = model.__new__(model)
    _set(made, "__dict__", dict(values))
    _set(made, "__pydantic_fields_set__", set(values))
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def json_of(entry: Entry) -> bytes:
    """The entry's JSON object as events hold it, optional fields left out where empty."""
    return as_checked(entry).model_dump_json(exclude_none=True).encode()


def given_fields(entry: Entry) -> set[str]:
    """The fields that a checked entry was given, and not left out."""
    return as_checked(entry).model_fields_set
