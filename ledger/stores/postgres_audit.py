"""Audit the schema of a PostgreSQL ledger: tables, triggers, functions and constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.message import Message
from ledger.stores.audit import differences
from ledger.stores.postgres_schema import TABLES, function_bodies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psycopg import Connection

_TABLES = """
SELECT c.relname, c.relrowsecurity, c.relhasrules,
    EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid) AS has_children
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind NOT IN ('i', 'I', 't', 'c')
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1"""

_DEFINITIONS = {
    "trigger": """
SELECT c.relname || '.' || t.tgname, t.tgenabled::text || ' ' || t.tgtype || ' ' || p.proname
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE n.nspname = %s AND NOT t.tgisinternal""",
    "function": """
SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %s
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "constraint": """
SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || ' ' || k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND k.contype <> 'n'""",
}
"""By kind: the query for the name of each object and for what defines it."""

# Bits of pg_trigger.tgtype.
_INSERT, _DELETE, _UPDATE, _TRUNCATE, _BEFORE = 4, 8, 16, 32, 2
_REFUSED = _BEFORE | _DELETE | _UPDATE | _TRUNCATE

TRIGGERS = {
    "ledger.append_only": f"A {_REFUSED | _INSERT} append_only",
    "stored_events.append_only": f"A {_REFUSED} append_only",
    "checkpoints.append_only": f"A {_REFUSED} append_only",
    "stored_events.positions_follow": f"A {_INSERT} positions_follow",
}
"""By table and name: enabled ALWAYS (A), pg_trigger.tgtype, the function."""

CONSTRAINTS = {
    "ledger.ledger_pkey": "PRIMARY KEY (application) true",
    "stored_events.stored_events_pkey": "PRIMARY KEY (notification_id) true",
    "stored_events.stored_events_notification_id_check": "CHECK ((notification_id > 0)) true",
    "stored_events.stored_events_originator_id_originator_version_key": (
        "UNIQUE (originator_id, originator_version) true"
    ),
    "checkpoints.checkpoints_pkey": "PRIMARY KEY (size) true",
}


def audit(connection: Connection[Any], schema: str) -> list[str]:
    """List what is in the schema beside the ledger, missing from it or changed."""
    tables = connection.execute(_TABLES, (schema,)).fetchall()
    found: dict[tuple[str, str], object] = {("table", row[0]): None for row in tables}
    for kind, query in _DEFINITIONS.items():
        rows = connection.execute(query.encode(), (schema,)).fetchall()
        found |= {(kind, name): definition for name, definition in rows}
    expected: dict[str, dict[str, Any]] = {
        "table": dict.fromkeys(TABLES),
        "trigger": TRIGGERS,
        "function": function_bodies(schema),
        "constraint": CONSTRAINTS,
    }
    known = {
        (kind, name): one for kind, objects in expected.items() for name, one in objects.items()
    }
    return [*differences(known, found), *_weakened(row for row in tables if row[0] in TABLES)]


def foreign_tables(connection: Connection[Any], schema: str) -> list[str]:
    """Return the tables, views and sequences in the schema that belong to no extension."""
    return [row[0] for row in connection.execute(_TABLES, (schema,)).fetchall()]


def _weakened(tables: Iterable[tuple[str, bool, bool, bool]]) -> Iterator[str]:
    """Yield what lets a table keep or show other rows than its own."""
    for table, row_security, rules, children in tables:
        if row_security:
            yield Message("table {table} has row security, which hides rows", table=table)
        if rules:
            yield Message("table {table} has rules, which change what is written", table=table)
        if children:
            yield Message("table {table} has child tables, whose rows are not its own", table=table)
