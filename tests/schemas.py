"""Hold JSON to the schema that `tally schema` prints."""

from __future__ import annotations

from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator

from cli.schemas import schema


@cache
def validator(name: str) -> Draft202012Validator:
    """Return the validator of a schema, which must be one of JSON Schema 2020-12."""
    return Draft202012Validator(schema(name))


def fault(name: str, value: Any) -> str | None:
    """Return what of a value its schema does not allow, and where; None if it allows all."""
    error = next(iter(validator(name).iter_errors(value)), None)
    return None if error is None else f"{error.instance_path}: {error.message}"


def assert_valid(name: str, value: Any) -> None:
    """Fail unless the schema of a name describes a value."""
    found = fault(name, value)
    assert found is None, f"tally schema {name}: {found}"
