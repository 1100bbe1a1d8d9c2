"""What stands in a town's schema beside the ledger, or is missing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.saying import Said
from ledger.stores.postgres_schema import TABLES, bodies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

_TRIGGER, _FUNCTION, _KEY = Said("trigger"), Said("function"), Said("key")

_RELATIONS = """
SELECT c.relname, c.relrowsecurity, c.relhasrules,
    EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid) AS has_children
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind NOT IN ('i', 'I', 't', 'c')
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1"""

_TRIGGERS = """
SELECT c.relname || '.' || t.tgname, t.tgenabled::text || ' ' || t.tgtype || ' ' || p.proname
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE n.nspname = %s AND NOT t.tgisinternal"""

_FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = %s
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""

_KEYS = """
SELECT c.relname || '.' || k.conname, pg_get_constraintdef(k.oid) || ' ' || k.convalidated
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND k.contype <> 'n'"""

_INSERT, _DELETE, _UPDATE, _TRUNCATE, _BEFORE = 4, 8, 16, 32, 2
_REFUSED = _BEFORE | _DELETE | _UPDATE | _TRUNCATE

TRIGGERS = {
    "ledger.append_only": f"A {_REFUSED | _INSERT} append_only",
    "stored_events.append_only": f"A {_REFUSED} append_only",
    "checkpoints.append_only": f"A {_REFUSED} append_only",
    "stored_events.positions_follow": f"A {_INSERT} positions_follow",
}
"""By table and name: enabled ALWAYS, pg_trigger's bits of when and what, the function."""

KEYS = {
    "ledger.ledger_pkey": "PRIMARY KEY (application) true",
    "stored_events.stored_events_pkey": "PRIMARY KEY (notification_id) true",
    "stored_events.stored_events_notification_id_check": "CHECK ((notification_id > 0)) true",
    "stored_events.stored_events_originator_id_originator_version_key": (
        "UNIQUE (originator_id, originator_version) true"
    ),
    "checkpoints.checkpoints_pkey": "PRIMARY KEY (size) true",
}


def outside(connection: Connection[Any], schema: str) -> list[str]:
    """What is in the schema beside the ledger, or missing or changed of it."""
    asked = {
        what: dict(connection.execute(query.encode(), (schema,)).fetchall())
        for what, query in ((_TRIGGER, _TRIGGERS), (_FUNCTION, _FUNCTIONS), (_KEY, _KEYS))
    }
    return [
        *_tables(connection, schema),
        *_compared(_TRIGGER, TRIGGERS, asked[_TRIGGER]),
        *_compared(_FUNCTION, bodies(schema), asked[_FUNCTION]),
        *_compared(_KEY, KEYS, asked[_KEY]),
    ]


def foreign_tables(connection: Connection[Any], schema: str) -> list[str]:
    """Tables, views and sequences in the schema that belong to no extension."""
    return [row[0] for row in connection.execute(_RELATIONS, (schema,)).fetchall()]


def _tables(connection: Connection[Any], schema: str) -> Iterator[str]:
    found = connection.execute(_RELATIONS, (schema,)).fetchall()
    for table in set(TABLES) - {row[0] for row in found}:
        yield Said("table {table} is missing", table=table)
    for table, row_security, rules, children in found:
        if table not in TABLES:
            yield Said("table {table} does not belong to a ledger", table=table)
            continue
        for wrong, words in (
            (row_security, Said("has row security, which hides rows")),
            (rules, Said("has rules, which change what is written")),
            (children, Said("has child tables, whose rows are not its own")),
        ):
            if wrong:
                yield Said("table {table} {words}", table=table, words=words)


def _compared(what: str, expected: dict[str, str], found: dict[str, str]) -> Iterator[str]:
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            yield Said("{what} {name} is missing", what=what, name=name)
        elif name not in expected:
            yield Said("{what} {name} does not belong to a ledger", what=what, name=name)
        elif expected[name] != found[name]:
            yield Said("{what} {name} was changed", what=what, name=name)
