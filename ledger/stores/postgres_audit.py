"""Compare the catalog of a PostgreSQL server with what `init` makes of a ledger's schema.

Tables with their columns, owners and persistence; constraints, indexes, triggers, functions, row
security, rules, children; every right. What is expected is written in `postgres_expected`, not read
from a model: whoever checks may have no right to make one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from ledger.message import Message
from ledger.stores.audit import Difference, differences
from ledger.stores.postgres_expected import expected
from ledger.stores.postgres_rights import rights
from ledger.stores.postgres_schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection

    from ledger.stores.audit import Objects

OLD_GUARDS = Message(
    "an earlier tally made the guards of this ledger: whoever may append may write any row and any "
    "time; its owner runs `tally init --upgrade`"
)

_ANEW = Message("the ledger's owner makes it anew by `tally init --upgrade`")
_REMOVE = Message("remove it (DROP) if it is not yours")
_REVOKE = Message("take it back by REVOKE")
_MOVE = Message("move the ledger to a new one by `tally copy`")

_TABLES = """
SELECT c.relname::text AS name, c.relkind::text AS "kind",
    pg_get_userbyid(c.relowner)::text AS "OWNER",
    CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' WHEN 't' THEN 'TEMPORARY' ELSE 'LOGGED' END
    AS "persistence"
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relkind NOT IN ('i', 'I', 't', 'c')
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""

_DEFINITIONS = {
    "column": """
SELECT c.relname || '.' || a.attname AS name, format_type(a.atttypid, a.atttypmod) AS "type",
    a.attnotnull AS "NOT NULL", o.collname::text AS "COLLATE", a.attgenerated::text AS "GENERATED",
    a.attidentity::text AS "IDENTITY", pg_get_expr(d.adbin, d.adrelid) AS "DEFAULT"
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_collation o ON o.oid = a.attcollation AND o.collname <> 'default'
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = %s AND c.relname = ANY(%s) AND a.attnum > 0 AND NOT a.attisdropped""",
    "index": """
SELECT i.relname::text AS name, t.relname::text AS "ON", x.indisunique AS "UNIQUE",
    x.indisvalid AND x.indisready AND x.indislive AS "valid", m.amname::text AS "USING",
    pg_get_expr(x.indpred, x.indrelid) AS "WHERE",
    (SELECT string_agg(pg_get_indexdef(i.oid, k.n::int, true), ', ' ORDER BY k.n)
     FROM generate_series(1, x.indnatts) AS k(n)) AS "of"
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_am m ON m.oid = i.relam
WHERE n.nspname = %s AND t.relname = ANY(%s)""",
    "trigger": """
SELECT c.relname || '.' || t.tgname AS name,
    CASE t.tgenabled WHEN 'A' THEN 'ALWAYS' WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'REPLICA'
        ELSE 'ORIGIN' END AS "ENABLE",
    t.tgtype::int AS "events", CASE WHEN p.pronamespace = n.oid THEN p.proname::text
        ELSE p.oid::regprocedure::text END AS "EXECUTE",
    (regexp_match(pg_get_triggerdef(t.oid), ' WHEN \\((.*)\\) EXECUTE '))[1] AS "WHEN",
    t.tgattr::text AS "OF", t.tgnargs::int AS "arguments", t.tgdeferrable AS "DEFERRABLE",
    t.tgoldtable::text AS "OLD TABLE", t.tgnewtable::text AS "NEW TABLE"
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE n.nspname = %s AND c.relname = ANY(%s) AND NOT t.tgisinternal""",
    "function": """
SELECT p.proname || '(' || oidvectortypes(p.proargtypes) || ')' AS name, p.prosrc AS "body",
    p.prosecdef AS "SECURITY DEFINER", array_to_string(p.proconfig, '; ') AS "SET",
    pg_get_userbyid(p.proowner)::text AS "OWNER", l.lanname::text AS "LANGUAGE",
    p.prorettype::regtype::text AS "RETURNS", p.prokind::text AS "kind",
    p.provolatile::text AS "volatility", p.proisstrict AS "STRICT"
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE n.nspname = %s AND %s::text[] IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')""",
    "constraint": """
SELECT c.relname || '.' || k.conname AS name, pg_get_constraintdef(k.oid) AS "definition",
    k.convalidated AS "valid"
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = ANY(%s) AND k.contype <> 'n'""",
    "policy": """
SELECT c.relname || '.' || p.polname AS name FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = ANY(%s)""",
}
"""By kind: the query for the name of each object and for what defines it."""

_WEAKENED = """
SELECT c.relname::text, c.relrowsecurity OR c.relforcerowsecurity,
    EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.ev_class = c.oid),
    EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhparent = c.oid),
    EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %s AND c.relname = ANY(%s) AND c.relkind = 'r' ORDER BY 1"""

_REPLICA = """
SELECT coalesce(r.rolname::text, 'PUBLIC') FROM pg_db_role_setting s
LEFT JOIN pg_roles r ON r.oid = s.setrole
WHERE (s.setrole = 0 OR EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = 'ledger'
    AND has_table_privilege(s.setrole, c.oid, 'SELECT')))
AND (s.setdatabase = 0 OR s.setdatabase = (SELECT oid FROM pg_database
    WHERE datname = current_database()))
AND EXISTS (SELECT FROM unnest(s.setconfig) AS c(one)
    WHERE one LIKE 'session\\_replication\\_role=%%' AND one NOT LIKE '%%=origin') ORDER BY 1"""

# Whoever owns the schema may drop its tables. Superusers and the database's owner may anyhow.
_MASTERS = """
SELECT r.rolname::text, r.oid = n.nspowner FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_roles r ON NOT r.rolsuper AND r.rolname <> 'pg_database_owner' AND r.oid <> c.relowner
    AND (r.oid = n.nspowner OR pg_has_role(r.oid, c.relowner, 'MEMBER')
        AND EXISTS (SELECT FROM aclexplode(c.relacl) AS a WHERE a.grantee = r.oid))
WHERE n.nspname = %s AND c.relname = 'ledger' ORDER BY 1"""


def audit(connection: Connection[Any], schema: str) -> list[str]:
    """List what is in the schema beside the ledger, missing from it or changed."""
    made = expected(schema, recorded_owner(connection, schema))
    return [
        *(
            Message("{what}; {advice}", what=one.sentence(), advice=_advice(one))
            for one in differences(made, _found(connection, schema))
        ),
        *_weakened(connection, schema),
        *_too_much(connection, schema),
    ]


def foreign_tables(connection: Connection[Any], schema: str) -> list[str]:
    """Return the tables, views and sequences in the schema that belong to no extension."""
    rows = connection.execute(_TABLES.encode(), (schema,)).fetchall()
    return sorted(row[0] for row in rows)


def recorded_owner(connection: Connection[Any], schema: str) -> str | None:
    """Return who made the ledger or upgraded it last; None if that is not known."""
    known = connection.execute(
        "SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relname = 'ledger' AND a.attname = 'owner'",
        (schema,),
    ).fetchone()
    if known is None:
        return None
    row = connection.execute(
        SQL("SELECT owner FROM {}").format(Identifier(schema, "ledger"))
    ).fetchone()
    return None if row is None else row[0]


def _found(connection: Connection[Any], schema: str) -> Objects:
    """Return the objects of the schema, each with what defines it."""
    found: dict[tuple[str, str], object] = {}
    queries: dict[str, tuple[str, tuple[object, ...]]] = {"table": (_TABLES, (schema,))}
    queries |= {kind: (one, (schema, list(TABLES))) for kind, one in _DEFINITIONS.items()}
    with connection.cursor(row_factory=dict_row) as cursor:
        for kind, (query, given) in queries.items():
            for row in cursor.execute(query.encode(), given).fetchall():
                found[kind, row.pop("name")] = row
    return found


def _advice(one: Difference) -> Message:
    """Return what to do about a difference."""
    if one.unknown:
        return _REMOVE
    mended = ("trigger", "function") if one.missing else ("table", "trigger", "function")
    return _ANEW if one.kind in mended else _MOVE


def _weakened(connection: Connection[Any], schema: str) -> Iterator[str]:
    """Yield what lets a table keep or show other rows than its own, or silences triggers."""
    given = schema, list(TABLES)
    for table, security, rules, children, parents in connection.execute(_WEAKENED, given):
        if security:
            yield Message(
                "table {table} has row security, which hides rows; {advice}",
                table=table,
                advice=_ANEW,
            )
        if rules:
            yield Message(
                "table {table} has rules, which change what is written; {advice}",
                table=table,
                advice=_ANEW,
            )
        if children or parents:
            yield Message(
                "table {table} has child or parent tables: rows of one show in the other; end it "
                "by ALTER TABLE … NO INHERIT",
                table=table,
            )
    for role, owns_schema in connection.execute(_MASTERS, (schema,)):
        if owns_schema:
            yield Message(
                "{role} owns the schema {schema} and may drop the ledger's tables; give the "
                "schema to the ledger's owner (ALTER SCHEMA … OWNER TO …)",
                role=role,
                schema=schema,
            )
        else:
            yield Message(
                "{role}, who was granted the ledger, is a member of its owner and may do "
                "whatever the owner may; take it back by REVOKE",
                role=role,
            )
    for (role,) in connection.execute(_REPLICA, (schema,)):
        yield Message(
            "session_replication_role is set for {role}, which silences other triggers than those "
            "of a ledger; take it back by ALTER ROLE or ALTER DATABASE … RESET "
            "session_replication_role",
            role=role,
        )


def _too_much(connection: Connection[Any], schema: str) -> Iterator[str]:
    """Yield the rights that no `tally init --grant` gives."""
    for one in rights(connection, schema):
        if one.too_much:
            yield Message(
                "{role} has the right {right} to {kind} {name}, which `tally init` does not give; "
                "{advice}",
                role=one.role or "PUBLIC",
                right=one.right + (" WITH GRANT OPTION" if one.grantable else ""),
                kind=Message(one.kind),
                name=one.name if one.column is None else f"{one.name} ({one.column})",
                advice=_REVOKE if one.kind == "schema" else _ANEW,
            )
