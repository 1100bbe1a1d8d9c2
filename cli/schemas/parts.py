"""Parts of JSON Schemas: texts of one form each, and objects without further keys."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def text(pattern: str) -> Schema:
    """Return the schema of a text of one form."""
    return {"type": "string", "pattern": f"^(?:{pattern})$"}


def one_of(*words: str) -> Schema:
    """Return the schema of one of a few words."""
    return {"enum": list(words)}


def array(items: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": items}


def table(values: Schema) -> Schema:
    """Return the schema of an object whose keys are names that the measure or an entry has."""
    return {"type": "object", "additionalProperties": values}


def either(*schemas: Schema) -> Schema:
    """Return the schema of a value that one of several schemas describes."""
    return {"anyOf": list(schemas)}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value, or null where there is none."""
    return either(schema, {"type": "null"})


def of(schema: Schema, about: str) -> Schema:
    """Return a schema with a description."""
    return {**schema, "description": about}


def record(fields: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    """Return the schema of an object with these keys and no others.

    Args:
        fields: the keys that it always has.
        optional: those that it may have.
    """
    return {
        "type": "object",
        "properties": {**fields, **(optional or {})},
        "required": list(fields),
        "additionalProperties": False,
    }


TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
POSITION = of(COUNT, "number of an event of the ledger, gap-free from 1")
YEAR: Schema = {"type": "integer", "minimum": 1}
DECIMAL = of(text(r"-?(0|[1-9]\d*)(\.\d*[1-9])?"), "an exact decimal, without trailing zeros")
DAY = of(text(r"\d{4}-\d{2}-\d{2}"), "a day, as 2016-03-31")
INSTANT = of(text(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"), "a recorded time, in UTC")
SHA256 = text("[0-9a-f]{64}")
BASE64 = text("[A-Za-z0-9+/]+={0,2}")
ID = of(TEXT, "the id of an entry")
UNIT = of(TEXT, "the first id of a unit")
PERIOD = of(text(r"\d{4}\S*"), "a period or a year, as 2016Q2 or 2016")
CLAUSE = of(TEXT, "the slug of a clause, or of a section where its floor, cap or weight is told")
CONTENT: Schema = {
    "type": "object",
    "description": "an entry as `import` reads it, with the fields of its kind",
    "properties": {"id": ID, "kind": TEXT},
    "required": ["id", "kind"],
}
REF = record({"position": POSITION, "at": INSTANT, "by": TEXT})
SET_ASIDE = of(
    array(
        record(
            {
                "position": of(POSITION, "of the damaged row, which is passed over"),
                "sha256": of(SHA256, "hash of the row's leaf as it was found"),
                "reason": TEXT,
                "set_aside": REF,
                "verified": or_null(REF),
            }
        )
    ),
    "damaged positions that were set aside; left out where there is none",
)
MEASURE = record(
    {
        "id": TEXT,
        "sha256": of(SHA256, "of the measure's content"),
        "adopted_at": of(
            or_null(POSITION), "position of its adoption; null for a draft and in old ledgers"
        ),
    }
)
