"""Ways to tamper with a ledger file, each at a random place.

Each function takes a raw connection and a random generator, changes the ledger while its triggers
are off, and returns the positions at which a finding is due (none: anywhere).
"""

import sqlite3

TOPICS = ["tally.UnitRecorded", "tally.EntryVerified", "tally.EntryReversed", "tally.YellowCard"]
COLUMNS = "originator_id, originator_version, topic, state"


def _somewhere(raw, chance):
    (last,) = raw.execute("SELECT MAX(position) FROM stored_events").fetchone()
    return chance.randint(1, last)


def _flip(raw, chance, column, kind):
    position = _somewhere(raw, chance)
    (value,) = raw.execute(
        f"SELECT CAST({column} AS BLOB) FROM stored_events WHERE position = ?", (position,)
    ).fetchone()
    changed = bytearray(value)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    try:
        raw.execute(
            f"UPDATE stored_events SET {column} = CAST(? AS {kind}) WHERE position = ?",
            (bytes(changed), position),
        )
    except sqlite3.IntegrityError:  # V001 became V002, which the table's key refuses
        return _flip(raw, chance, column, kind)
    return [position]


def byte_in_id(raw, chance):
    return _flip(raw, chance, "originator_id", "TEXT")


def byte_in_topic(raw, chance):
    return _flip(raw, chance, "topic", "TEXT")


def byte_in_state(raw, chance):
    return _flip(raw, chance, "state", "BLOB")


def version(raw, chance):
    position = _somewhere(raw, chance)
    value = chance.choice([0, -1, 7, 1 << 40, -(1 << 63), (1 << 63) - 1])
    raw.execute(
        "UPDATE stored_events SET originator_version = ? WHERE position = ?", (value, position)
    )
    return [position]


def topic(raw, chance):
    position = _somewhere(raw, chance)
    (was,) = raw.execute(
        "SELECT topic FROM stored_events WHERE position = ?", (position,)
    ).fetchone()
    other = chance.choice([one for one in TOPICS if one != was])
    raw.execute("UPDATE stored_events SET topic = ? WHERE position = ?", (other, position))
    return [position]


def plausible_state(raw, chance):
    """Set another time of day, as valid and plausible as the one that was signed."""
    rows = raw.execute("SELECT position, state FROM stored_events").fetchall()
    position, state = chance.choice(rows)
    at = state.index(b'"at":"') + len('"at":"2026-01-01T00:00:00.0000')
    old = state[at : at + 1]
    new = chance.choice([digit for digit in b"0123456789" if bytes([digit]) != old])
    changed = state[:at] + bytes([new]) + state[at + 1 :]
    raw.execute("UPDATE stored_events SET state = ? WHERE position = ?", (changed, position))
    return [position]


def value_type(raw, chance):
    """Store the same bytes as another type."""
    position = _somewhere(raw, chance)
    column, kind = chance.choice([("state", "TEXT"), ("originator_id", "BLOB"), ("topic", "BLOB")])
    raw.execute(
        f"UPDATE stored_events SET {column} = CAST({column} AS {kind}) WHERE position = ?",
        (position,),
    )
    return []


def row_deleted(raw, chance):
    position = _somewhere(raw, chance)
    raw.execute("DELETE FROM stored_events WHERE position = ?", (position,))
    return [position]


def row_deleted_and_closed_up(raw, chance):
    """Delete a row and move up those behind it, so that no position is missing."""
    position = _somewhere(raw, chance)
    raw.execute("DELETE FROM stored_events WHERE position = ?", (position,))
    _shift(raw, position, -1)
    return [position]


def _shift(raw, behind, by):
    raw.execute("UPDATE stored_events SET position = -position WHERE position > ?", (behind,))
    raw.execute("UPDATE stored_events SET position = ? - position WHERE position < 0", (by,))


def rows_swapped(raw, chance):
    """Put the contents of two rows at each other's position."""
    one = _somewhere(raw, chance)
    other = one
    while other == one:
        other = _somewhere(raw, chance)
    rows = [
        raw.execute(f"SELECT {COLUMNS} FROM stored_events WHERE position = ?", (at,)).fetchone()
        for at in (one, other)
    ]
    raw.execute("DELETE FROM stored_events WHERE position IN (?, ?)", (one, other))
    for at, row in zip((other, one), rows, strict=True):
        raw.execute(
            f"INSERT INTO stored_events (position, {COLUMNS}) VALUES (?, ?, ?, ?, ?)", (at, *row)
        )
    return [one, other]


def tail_cut(raw, chance):
    position = _somewhere(raw, chance)
    raw.execute("DELETE FROM stored_events WHERE position >= ?", (position,))
    return [position]


def foreign_row(raw, chance):
    """Insert a forged verification between the rows, or where no row can be."""
    (last,) = raw.execute("SELECT MAX(position) FROM stored_events").fetchone()
    position = chance.choice([chance.randint(1, last), chance.randint(-99, 0), last + 10**6])
    if 1 <= position <= last:
        _shift(raw, position - 1, 1)
    state = b'{"class_version":1,"at":"2026-01-01T00:00:00.000000Z","by":"mallory"}'
    raw.execute(
        f"INSERT INTO stored_events (position, {COLUMNS}) VALUES (?, ?, 9, ?, ?)",
        (position, f"V00{chance.randint(1, 2)}", "tally.EntryVerified", state),
    )
    return [position]


def position(raw, chance):
    """Move a row to a position where no row belongs."""
    was = _somewhere(raw, chance)
    (last,) = raw.execute("SELECT MAX(position) FROM stored_events").fetchone()
    now = chance.choice([0, -was, last + chance.randint(1, 99), 1 << 62])
    raw.execute("UPDATE stored_events SET position = ? WHERE position = ?", (now, was))
    return [was] if was != last else []


def checkpoint(raw, chance):
    """Change a bit of a kept note, or its size."""
    size, note = chance.choice(raw.execute("SELECT size, note FROM checkpoints").fetchall())
    if chance.random() < 0.2:
        raw.execute("UPDATE checkpoints SET size = size + 1 WHERE size = ?", (size,))
        return []
    changed = bytearray(note.encode())
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    raw.execute(
        "UPDATE checkpoints SET note = CAST(? AS TEXT) WHERE size = ?", (bytes(changed), size)
    )
    return []


def foreign_table(raw, chance):
    raw.execute(f"CREATE TABLE t{chance.randrange(10**6)} (x)")
    return []


def trigger(raw, chance):
    """Add a trigger, view or index."""
    raw.execute(
        chance.choice(
            [
                "CREATE TRIGGER aside BEFORE DELETE ON stored_events BEGIN SELECT 1; END",
                "CREATE VIEW aside AS SELECT * FROM stored_events",
                "CREATE INDEX aside ON stored_events (topic)",
            ]
        )
    )
    return []


KINDS = [
    byte_in_id,
    byte_in_topic,
    byte_in_state,
    version,
    topic,
    plausible_state,
    value_type,
    row_deleted,
    row_deleted_and_closed_up,
    rows_swapped,
    tail_cut,
    foreign_row,
    position,
    checkpoint,
    foreign_table,
    trigger,
]
