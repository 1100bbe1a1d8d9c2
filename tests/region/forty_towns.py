"""40 towns in files and on two PostgreSQL servers, and a cluster whose workers fold slowly."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager

from projections.region.engines.here import Here
from projections.region.messages import decode_answer
from tests.region.clusters import cluster
from tests.region.small_towns import code_of, events_of, make_town, restore, task
from tests.stores.conftest import Server, own_server

PASSWORD = secrets.token_hex(16)
"""Of the role that reads the towns on servers."""

_FILES, _TOWNS, _CHUNK = 16, 40, 2
_KINDS = 7
"""Towns differ by their number of yellow cards, from 0 to 6."""


@contextmanager
def forty_towns(folder):
    """Yield the chunks of 2 tasks that score 40 towns: 16 in files, 12 on each of two servers."""
    kinds, found = [], []
    for number in range(_FILES):
        url = f"sqlite:///{folder}/{number}.db"
        found.append(task(url, number, make_town(url, number)))
        kinds.append(events_of(url))
    with _servers(2) as both:
        for number in range(_FILES, _TOWNS):
            events = kinds[number % _KINDS]
            url = _on_server(both[number % 2], f"t{code_of(number)}", events)
            found.append(task(url, number, len(events)))
        yield [found[start : start + _CHUNK] for start in range(0, _TOWNS, _CHUNK)]


@contextmanager
def _servers(number):
    """Yield PostgreSQL servers on which the role reader may read, by its password."""
    made = [own_server() for _ in range(number)]
    try:
        found = [Server(one.get_uri(), folder / "data") for one, folder in made]
        for server in found:
            hba = server.folder / "pg_hba.conf"
            hba.write_text(f"local all reader scram-sha-256\n{hba.read_text()}")
            with server.connect() as connection:
                connection.execute(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
                connection.execute("SELECT pg_reload_conf()")
        yield found
    finally:
        for one, folder in made:
            one.cleanup()
            shutil.rmtree(folder, ignore_errors=True)


def _on_server(server, schema, events):
    """Make a town's ledger on a server; return the URL by which its reader opens it."""
    restore(server.schema(schema), events)
    with server.connect() as connection:
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    return server.schema(schema, "reader")


def write_passwords(folder):
    """Write the password file of the role that reads; return its path."""
    file = folder / "pgpass"
    file.write_text(f"*:*:*:reader:{PASSWORD}\n")
    file.chmod(0o600)
    return str(file)


def fold_plainly(chunks):
    """Return the answers of the plain loop, by chunk; the towns must differ."""
    answers = [done.answers for done in Here().run(chunks)]
    found = [decode_answer(one) for chunk in answers for one in chunk]
    assert [one.fault for one in found] == [None] * _TOWNS
    assert len({unit.total for one in found for unit in one.value.units}) == _KINDS
    return answers


@contextmanager
def slow_cluster(folder, passwords, seconds):
    """Yield a cluster whose two workers, which are starting, take some seconds more a town.

    `folded` returns the towns that they folded; the town of `code_of(99)` kills its worker.
    """
    told = folder / "folded"
    told.touch()
    preload = {
        "DASK_DISTRIBUTED__WORKER__PRELOAD": "['tests.region.preload_slow']",
        "TEST_SECONDS_A_TOWN": str(seconds),
        "TEST_FOLDED": str(told),
        "TEST_KILLER": code_of(99),
    }
    with cluster(folder, PGPASSFILE=passwords, **preload) as made:
        made.folded = lambda: [line.split()[1] for line in told.read_text().splitlines()]
        yield made.start_workers()


def answers_of(engine, chunks, after=None, then=None):
    """Return what comes of each chunk, in order; do something after some have come."""
    found = {}
    for done in engine.run(chunks):
        found[done.chunk] = done
        if len(found) == after:
            then()
    return [found[number] for number in range(len(chunks))]
