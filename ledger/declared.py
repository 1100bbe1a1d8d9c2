"""Base of declared classes: a frozen msgspec struct that pydantic validates at the edge.

msgspec decodes stored bytes into it without checking bounds (they were checked when they were
written); pydantic checks everything, in strict mode. Both read the same annotations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import fields

if TYPE_CHECKING:
    from collections.abc import Callable


class Declared(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen object whose annotated fields say all about it."""

    def check(self) -> None:
        """Check what concerns several fields; raise `ledger.checks.wrong` for a fault."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the schema by which pydantic validates a JSON object into this class."""
        from pydantic_core import core_schema  # noqa: PLC0415 - not for commands that only read

        declared = {
            one.name: core_schema.typed_dict_field(
                handler.generate_schema(one.type),  # type: ignore[attr-defined]
                required=one.required,
            )
            for one in fields(source)
        }

        tag, tag_field = cls.__struct_config__.tag, cls.__struct_config__.tag_field or ""
        if tag_field:
            declared[tag_field] = core_schema.typed_dict_field(core_schema.literal_schema([tag]))

        def build(values: dict[str, Any]) -> Declared:
            values.pop(tag_field, None)
            made = cls(**values)
            made.check()
            return made

        return core_schema.no_info_after_validator_function(
            build,
            core_schema.typed_dict_schema(
                declared,
                extra_behavior="forbid",
                config=core_schema.CoreConfig(strict=True),
            ),
        )


class Bounds:
    """Constraints of a field's type, by pydantic's names for them (`ge`, `max_length`, …)."""

    def __init__(self, **constraints: Any) -> None:
        self._constraints = constraints

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema with the constraints added."""
        return {**handler(source), **self._constraints}


class Check:
    """A function that checks a validated value and returns it, perhaps normalised."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self._function = function

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema with the function behind it."""
        from pydantic_core import core_schema  # noqa: PLC0415 - not for commands that only read

        return core_schema.no_info_after_validator_function(self._function, handler(source))


OF_STORED = "stored"
"""The context in which a stored event is validated again."""


class Admission(Check):
    """A function that checks what arrives, and not what is stored.

    It may become stricter: events that were recorded before stay as valid as they were.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema with the function behind it."""
        from pydantic_core import core_schema  # noqa: PLC0415 - not for commands that only read

        def admit(value: Any, info: core_schema.ValidationInfo[Any]) -> Any:
            return value if info.context is OF_STORED else self._function(value)

        return core_schema.with_info_after_validator_function(admit, handler(source))


class Parse(Check):
    """A function that looks at the raw value before its type is validated."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """Return the type's schema with the function before it."""
        from pydantic_core import core_schema  # noqa: PLC0415 - not for commands that only read

        return core_schema.no_info_before_validator_function(self._function, handler(source))
