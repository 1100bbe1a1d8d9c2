"""What defines each object of a PostgreSQL ledger as `init` makes it, for `tally check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.stores.postgres_functions import FUNCTIONS
from ledger.stores.postgres_schema import TABLES, names_of

if TYPE_CHECKING:
    from ledger.stores.audit import Objects

# Bits of pg_trigger.tgtype.
_INSERT, _DELETE, _UPDATE, _TRUNCATE, _BEFORE = 4, 8, 16, 32, 2
_REFUSED = _BEFORE | _DELETE | _UPDATE | _TRUNCATE

_TRIGGERS = {
    "ledger.append_only": _REFUSED | _INSERT,
    "stored_events.append_only": _REFUSED,
    "checkpoints.append_only": _REFUSED,
    "appends.append_only": _REFUSED,
    "stored_events.positions_follow": _INSERT,
}
"""By table and name: pg_trigger.tgtype."""

_COLUMNS = {
    "ledger.application": "text",
    "ledger.schema_version": "integer",
    "ledger.owner": "text",
    "stored_events.notification_id": "bigint",
    "stored_events.originator_id": "text",
    "stored_events.originator_version": "bigint",
    "stored_events.topic": "text",
    "stored_events.state": "bytea",
    "checkpoints.size": "bigint",
    "checkpoints.note": "text",
    "appends.first": "bigint",
    "appends.last": "bigint",
    "appends.role": "text",
    "appends.at": "timestamp with time zone",
}
_NULLABLE, _BY_BYTES = "ledger.owner", "stored_events.originator_id"

_KEYS = {
    "ledger": "application",
    "stored_events": "notification_id",
    "checkpoints": "size",
    "appends": "first",
}
"""By table: the column of its primary key."""

_STREAM = "stored_events_originator_id_originator_version_key"
_STREAM_OF = "originator_id, originator_version"


def expected(schema: str, owner: str | None) -> Objects:
    """Return what defines each object of a ledger in a schema, in the words of the audit.

    Args:
        schema: the ledger's.
        owner: the role that owns all of it.
    """
    made: dict[tuple[str, str], object] = {
        ("table", table): {"kind": "r", "OWNER": owner, "persistence": "LOGGED"} for table in TABLES
    }
    for name, column_type in _COLUMNS.items():
        made["column", name] = {
            "type": column_type,
            "NOT NULL": name != _NULLABLE,
            "COLLATE": "C" if name == _BY_BYTES else None,
            "GENERATED": "",
            "IDENTITY": "",
            "DEFAULT": None,
        }
    keys = {f"{table}_pkey": (table, f"PRIMARY KEY ({key})", key) for table, key in _KEYS.items()}
    keys[_STREAM] = "stored_events", f"UNIQUE ({_STREAM_OF})", _STREAM_OF
    for name, (table, definition, columns) in keys.items():
        made["index", name] = {
            "ON": table,
            "UNIQUE": True,
            "valid": True,
            "USING": "btree",
            "WHERE": None,
            "of": columns,
        }
        made["constraint", f"{table}.{name}"] = {"definition": definition, "valid": True}
    made["constraint", "stored_events.stored_events_notification_id_check"] = {
        "definition": "CHECK ((notification_id > 0))",
        "valid": True,
    }
    for name, events in _TRIGGERS.items():
        function = name.partition(".")[2]
        made["trigger", name] = {
            "ENABLE": "ALWAYS",
            "events": events,
            "EXECUTE": function,
            "WHEN": None,
            "OF": "",
            "arguments": 0,
            "DEFERRABLE": False,
            "OLD TABLE": None,
            "NEW TABLE": "fresh" if function == "positions_follow" else None,
        }
    for one in FUNCTIONS:
        made["function", one.signature] = {
            "body": one.written(names_of(schema)),
            "SECURITY DEFINER": one.definer,
            "SET": "; ".join(one.settings),
            "OWNER": owner,
            "LANGUAGE": "plpgsql",
            "RETURNS": one.returns,
            "kind": "f",
            "volatility": "v",
            "STRICT": False,
        }
    return made
