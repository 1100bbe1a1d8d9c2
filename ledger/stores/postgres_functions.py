"""The functions of a PostgreSQL ledger: two for its triggers, two by which roles write.

A granted role has no right to the tables but SELECT. It appends by `append_events` and keeps
checkpoints by `keep_checkpoint`, which run with the rights of the ledger's owner (SECURITY
DEFINER) and check what they are given. Every name of the schema is qualified and `search_path`
leaves the schema out, so that nothing that somebody may create in it is taken for a built-in.
"""

from __future__ import annotations

from typing import NamedTuple

from psycopg.sql import SQL, Composed, Identifier, Literal

from ledger.clock import JUMP, SKEW
from ledger.stores.limits import ID_LIMIT, NOTE_LIMIT, STATE_LIMIT, TOPIC_LIMIT

MOST_EVENTS = 10_000
"""Events of one call at most."""

STALLED = 60
"""Seconds after which the server ends a writer's statement, or its transaction if it is silent."""

_PATH = "search_path=pg_catalog, pg_temp"

_INDEXED = (
    # Planned when the table was small, a join by hash would read all of a large one at each call.
    *("enable_hashjoin=off", "enable_mergejoin=off", "enable_seqscan=off"),
    *("jit=off", "plan_cache_mode=force_generic_plan"),
)

_REFUSE = """
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END"""

# Checked for each statement against what that statement sees: a gap is refused, and so is a row
# that would overtake another transaction's uncommitted one, even if the writer takes no lock.
_FOLLOW = """
DECLARE
    first bigint;
    last bigint;
    count bigint;
    head bigint;
BEGIN
    SELECT min(notification_id), max(notification_id), count(*) INTO first, last, count FROM fresh;
    SELECT coalesce(max(notification_id), 0) INTO head
        FROM {events} WHERE notification_id < first;
    IF first <> head + 1 OR last <> head + count THEN
        RAISE EXCEPTION 'positions follow one another' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END"""

# Returns the position of the last event before; unless that is `after`, nothing is appended.
# The lock is on a row that no role but the owner may lock, and is held until the commit.
# `lock_timeout` and the others hold for the transaction, unless the caller has set its own.
_APPEND = """
DECLARE
    number CONSTANT bigint := coalesce(cardinality(ids), 0);
    head bigint;
    first CONSTANT bytea := states[1];
    name text;
    at text;
    before timestamptz;
BEGIN
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '10s', true);
    END IF;
    IF current_setting('statement_timeout') = '0' THEN
        PERFORM set_config('statement_timeout', {stalled}, true);
    END IF;
    IF current_setting('idle_in_transaction_session_timeout') = '0' THEN
        PERFORM set_config('idle_in_transaction_session_timeout', {stalled}, true);
    END IF;
    PERFORM 1 FROM {ledger} FOR UPDATE;
    -- A statement sees what was committed when it began: only one that begins under the lock sees
    -- the last position.
    SELECT coalesce(max(s.notification_id), 0) INTO head FROM {events} s;
    IF number = 0 OR after <> head THEN
        RETURN head;
    END IF;

    IF number > {most_events}
        OR (array_ndims(ids), cardinality(ids)) IS DISTINCT FROM (1, number)
        OR (array_ndims(versions), cardinality(versions)) IS DISTINCT FROM (1, number)
        OR (array_ndims(topics), cardinality(topics)) IS DISTINCT FROM (1, number)
        OR (array_ndims(states), cardinality(states)) IS DISTINCT FROM (1, number) THEN
        RAISE EXCEPTION 'an append takes up to {most_events} ids, versions, topics and states'
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (SELECT FROM unnest(ids) AS e(id)
            WHERE (char_length(e.id) BETWEEN 1 AND {id_limit}) IS NOT TRUE) THEN
        RAISE EXCEPTION 'an id has 1 to {id_limit} characters'
            USING ERRCODE = 'check_violation';
    END IF;
    FOR name IN SELECT DISTINCT e.topic FROM unnest(topics) AS e(topic) LOOP
        IF (char_length(name) <= {topic_limit} AND name ~ '^tally\\.[A-Z][A-Za-z]*$')
            IS NOT TRUE THEN
            RAISE EXCEPTION '% is no topic of a ledger', quote_nullable(left(name, {topic_limit}))
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    IF EXISTS (SELECT FROM unnest(states) AS e(state)
            WHERE (octet_length(e.state) <= {state_limit}
                AND substr(e.state, 1, 1) = '{{') IS NOT TRUE) THEN
        RAISE EXCEPTION 'a state is an object of up to {state_limit} bytes'
            USING ERRCODE = 'check_violation';
    END IF;
    BEGIN
        -- What equals the first state, as all verifications of an import do, is not read again.
        at := convert_from(first, 'UTF8')::json ->> 'at';
        IF at IS NULL OR EXISTS (SELECT FROM (SELECT unnest(states) AS state) AS e
                WHERE e.state IS DISTINCT FROM first
                AND (convert_from(e.state, 'UTF8')::json ->> 'at') IS DISTINCT FROM at) THEN
            RAISE EXCEPTION 'the states of one append have one time "at"'
                USING ERRCODE = 'check_violation';
        END IF;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
        RAISE EXCEPTION 'a state is no JSON: %', SQLERRM USING ERRCODE = 'check_violation';
    END;

    -- The owner restores old events, and writes where the server's own clock is wrong.
    IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        IF at !~
            '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}\\.[0-9]{{6}}Z$' THEN
            RAISE EXCEPTION '% is no time; write 2026-03-01T02:00:00.000000Z', at
                USING ERRCODE = 'check_violation';
        END IF;
        BEGIN
            SELECT (convert_from(s.state, 'UTF8')::json ->> 'at')::timestamptz INTO before
                FROM {events} s WHERE s.notification_id = head;
        EXCEPTION WHEN data_exception OR statement_too_complex THEN
            before := NULL;  -- the last row is damaged: it must not stop everybody
        END;
        IF at::timestamptz > greatest(clock_timestamp() + interval {skew}, before)
            OR at::timestamptz < greatest(clock_timestamp() - interval {jump}, before) THEN
            RAISE EXCEPTION 'an event dated % is refused: the server has %, the last event %',
                at, to_char(clock_timestamp() AT TIME ZONE 'UTC', {form}),
                to_char(before AT TIME ZONE 'UTC', {form})
                USING ERRCODE = 'datetime_field_overflow';
        END IF;
    END IF;

    INSERT INTO {events} (notification_id, originator_id, originator_version, topic, state)
        SELECT head + e.n, e.id, e.version, e.topic, e.state
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY
            AS e(id, version, topic, state, n);
    IF EXISTS (SELECT FROM unnest(ids, versions) WITH ORDINALITY AS e(id, version, n)
            WHERE e.version < 1 OR e.version > 1 AND NOT EXISTS (SELECT FROM {events} s
                WHERE s.originator_id = e.id AND s.originator_version = e.version - 1
                AND s.notification_id < head + e.n)) THEN
        RAISE EXCEPTION 'the versions of an id follow one another'
            USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO {appends} (first, last, role, at)
        VALUES (head + 1, head + number, session_user, clock_timestamp());
    RETURN head;
END"""

# The signature is not checked here: this right is for those alone who have the key.
_KEEP = """
BEGIN
    IF (size BETWEEN 0 AND (SELECT coalesce(max(s.notification_id), 0) FROM {events} s)
        AND char_length(note) <= {note_limit}
        AND position(chr(10) || size || chr(10) IN note) > 0) IS NOT TRUE THEN
        RAISE EXCEPTION 'this is no checkpoint of the ledger at size %', size
            USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO {checkpoints} (size, note) VALUES (size, note);
END"""


class Function(NamedTuple):
    """What `init` makes a function of; `tally check` compares it with what it finds."""

    name: str
    parameters: str
    """Names and types."""
    types: str
    """Types alone, as the server writes them."""
    returns: str
    body: str
    """With the names of the schema in braces."""
    settings: tuple[str, ...] = (_PATH,)
    definer: bool = False

    @property
    def signature(self) -> str:
        """Return name and types, as the server writes them."""
        return f"{self.name}({self.types})"

    def written(self, names: dict[str, Composed | Identifier]) -> str:
        """Return the body as the server stores it."""
        return (
            SQL(self.body)
            .format(
                **names,
                most_events=SQL(str(MOST_EVENTS)),
                id_limit=SQL(str(ID_LIMIT)),
                topic_limit=SQL(str(TOPIC_LIMIT)),
                state_limit=SQL(str(STATE_LIMIT)),
                note_limit=SQL(str(NOTE_LIMIT)),
                stalled=Literal(f"{STALLED}s"),
                skew=Literal(f"{SKEW.total_seconds():.0f} seconds"),
                jump=Literal(f"{JUMP.total_seconds():.0f} seconds"),
                form=Literal('YYYY-MM-DD"T"HH24:MI:SS"Z"'),
            )
            .as_string()
        )

    def statement(self, names: dict[str, Composed | Identifier]) -> Composed:
        """Return the statement that makes the function; nobody but its owner may call it."""
        return SQL(
            "CREATE FUNCTION {name}({parameters}) RETURNS {returns} LANGUAGE plpgsql {security} "
            "{settings} AS {body}; REVOKE ALL ON FUNCTION {name}({types}) FROM PUBLIC"
        ).format(
            name=names[self.name],
            parameters=SQL(self.parameters),
            types=SQL(self.types),
            returns=SQL(self.returns),
            security=SQL("SECURITY DEFINER" if self.definer else "SECURITY INVOKER"),
            settings=SQL(" ".join(f"SET {one}" for one in self.settings)),
            body=Literal(self.written(names)),
        )


APPEND = Function(
    "append_events",
    "after bigint, ids text[], versions bigint[], topics text[], states bytea[]",
    "bigint, text[], bigint[], text[], bytea[]",
    "bigint",
    _APPEND,
    (_PATH, *_INDEXED),
    definer=True,
)
KEEP = Function(
    "keep_checkpoint", "size bigint, note text", "bigint, text", "void", _KEEP, definer=True
)
FUNCTIONS = (
    Function("append_only", "", "", "trigger", _REFUSE),
    Function("positions_follow", "", "", "trigger", _FOLLOW),
    APPEND,
    KEEP,
)
