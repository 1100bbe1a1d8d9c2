"""The rights to a PostgreSQL ledger: who may append, keep checkpoints or read, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg.sql import SQL, Identifier

from ledger.stores.postgres_functions import APPEND, FUNCTIONS, KEEP
from ledger.stores.postgres_schema import SIGNATURES, TABLES, names_of

if TYPE_CHECKING:
    from psycopg import Connection

_RIGHTS = """
WITH held AS (
    SELECT 'table' AS kind, c.relname::text AS name, NULL::text AS field, c.relowner AS owner,
        coalesce(c.relacl, acldefault('r', c.relowner)) AS acl
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s)
    UNION ALL SELECT 'table', c.relname, a.attname, c.relowner, a.attacl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = ANY(%(tables)s) AND a.attacl IS NOT NULL
    UNION ALL SELECT 'function', p.proname, NULL, p.proowner,
        coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = %(schema)s
    AND p.proname || '(' || oidvectortypes(p.proargtypes) || ')' = ANY(%(functions)s)
    UNION ALL SELECT 'schema', n.nspname, NULL, n.nspowner,
        coalesce(n.nspacl, acldefault('n', n.nspowner))
    FROM pg_namespace n WHERE n.nspname = %(schema)s)
SELECT DISTINCT h.kind, h.name, h.field,
    CASE WHEN a.grantee = 0 THEN NULL ELSE pg_get_userbyid(a.grantee)::text END AS role,
    a.privilege_type AS right, a.is_grantable AS grantable
FROM held h, aclexplode(h.acl) a WHERE a.grantee <> h.owner ORDER BY 1, 2, 3, 4, 5, 6"""

_WRITING = {1: ("table", "stored_events", "INSERT"), 2: ("function", APPEND.name, "EXECUTE")}
"""By schema version: the right by which a granted role appends."""
_KEEPING = ("function", KEEP.name, "EXECUTE")
_READING = {("table", table, "SELECT") for table in TABLES}
_GIVEN = {*_READING, _KEEPING, _WRITING[2]}
"""What a role may be granted; nothing is granted to everybody (PUBLIC)."""


class Right(NamedTuple):
    """A right that a role other than the owner has."""

    kind: str
    """`table`, `function` or `schema`."""
    name: str
    column: str | None
    role: str | None
    """None means everybody (PUBLIC)."""
    right: str
    grantable: bool

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what the right is to, and its name."""
        return self.kind, self.name, self.right

    @property
    def too_much(self) -> bool:
        """Return whether the ledger's owner never grants it by `tally init --grant`."""
        if self.kind == "schema":
            return self.right != "USAGE"
        return (
            self.role is None or self.grantable or self.column is not None or self.key not in _GIVEN
        )


def rights(connection: Connection[Any], schema: str) -> list[Right]:
    """Return all rights to the ledger that others than the owners of its objects have."""
    given = {"schema": schema, "tables": list(TABLES), "functions": list(SIGNATURES)}
    return [Right(*row) for row in connection.execute(_RIGHTS, given).fetchall()]


def give_rights(
    connection: Connection[Any], schema: str, role: str, *, checkpoints: bool = False
) -> None:
    """Grant a role to read and append and, if so wanted, to keep checkpoints.

    Every other right of the role to the ledger is revoked.
    """
    take_rights(connection, schema, role)
    _read(connection, schema, role)
    for function in (APPEND, KEEP) if checkpoints else (APPEND,):
        connection.execute(
            SQL("GRANT EXECUTE ON FUNCTION {}({}) TO {}").format(
                Identifier(schema, function.name), SQL(function.types), Identifier(role)
            )
        )


def take_rights(connection: Connection[Any], schema: str, role: str | None) -> None:
    """Revoke every right of a role, or of everybody (None), to tables and functions."""
    whom = SQL("PUBLIC") if role is None else Identifier(role)
    names = names_of(schema)
    connection.execute(
        SQL("REVOKE ALL ON {ledger}, {events}, {checkpoints}, {appends} FROM {} CASCADE").format(
            whom, **names
        )
    )
    for function in FUNCTIONS:
        connection.execute(
            SQL("REVOKE ALL ON FUNCTION {}({}) FROM {} CASCADE").format(
                names[function.name], SQL(function.types), whom
            )
        )


def restore_rights(
    connection: Connection[Any], schema: str, before: list[Right], version: int
) -> None:
    """Give writers, keepers of checkpoints and readers what they had, and nothing beyond it.

    Args:
        connection: of the ledger's owner, in a transaction.
        schema: the ledger's.
        before: the rights as they were before the functions were made anew.
        version: the version of the schema then.
    """
    held = [one for one in before if one.kind != "schema"]
    for role in dict.fromkeys(one.role for one in held):
        keys = {one.key for one in held if one.role == role}
        if role is not None and _WRITING[version] in keys:
            give_rights(connection, schema, role, checkpoints=_KEEPING in keys)
            continue
        take_rights(connection, schema, role)
        if role is not None and keys & _READING:
            _read(connection, schema, role)


def _read(connection: Connection[Any], schema: str, role: str) -> None:
    connection.execute(
        SQL(
            "GRANT USAGE ON SCHEMA {schema} TO {role}; "
            "GRANT SELECT ON {ledger}, {events}, {checkpoints}, {appends} TO {role}"
        ).format(**names_of(schema), role=Identifier(role))
    )
