"""On 40 towns in files and on two servers, whatever is killed costs no other town's result."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import time
from contextlib import closing, contextmanager

import psycopg
import pytest

from projections.region.engines.engine import NoWorkersError
from projections.region.engines.here import Here
from projections.region.engines.scheduler import Scheduler
from projections.region.faults import FoldFaultError
from projections.region.messages import NoQuestion, Nothing, decode_answer, decode_task
from projections.region.running import ask
from projections.region.towns import Region, Town
from tests.region.clusters import ROOT, Cluster, cluster, make_certificates, wait_for
from tests.region.small_towns import QUESTION, code_of, make_town, make_towns, task
from tests.stores.conftest import Server, own_server

pytestmark = pytest.mark.slow

PASSWORD = secrets.token_hex(16)


@contextmanager
def servers(number):
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
        for one, _ in made:
            one.cleanup()


def on_server(server, schema, number):
    """Make a town's ledger on a server; return the URL by which its reader opens it."""
    position = make_town(server.schema(schema), number)
    with server.connect() as connection:
        connection.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    return server.schema(schema, "reader"), position


@pytest.fixture(scope="module")
def passwords(tmp_path_factory):
    """A password file, which workers alone are told of."""
    file = tmp_path_factory.mktemp("passwords") / "pgpass"
    file.write_text(f"*:*:*:reader:{PASSWORD}\n")
    file.chmod(0o600)
    return str(file)


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """The tasks of 40 towns: 16 in files, 12 on each of two servers."""
    folder = tmp_path_factory.mktemp("towns")
    with servers(2) as both:
        found = make_towns([f"sqlite:///{folder}/{number}.db" for number in range(16)])
        for number in range(16, 40):
            url, position = on_server(both[number % 2], f"t{code_of(number)}", number)
            found.append(task(url, number, position))
        yield found


@pytest.fixture(scope="module")
def chunks(towns):
    return [towns[start : start + 2] for start in range(0, 40, 2)]


@pytest.fixture(scope="module")
def plain(chunks, passwords):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", passwords)
        answers = [done.answers for done in Here().run(chunks)]
    found = [decode_answer(one) for chunk in answers for one in chunk]
    assert [one.fault for one in found] == [None] * 40
    totals = {unit.total for one in found for unit in one.value.units}
    assert len(totals) > 3, "the towns differ"
    return answers


@pytest.fixture
def slow(tmp_path, passwords, monkeypatch):
    """A cluster whose workers take 0.1 s a town; `folded` has what they folded."""
    told = tmp_path / "folded"
    told.touch()
    preload = {
        "DASK_DISTRIBUTED__WORKER__PRELOAD": "['tests.region.preload_slow']",
        "TEST_SECONDS_A_TOWN": "0.1",
        "TEST_FOLDED": str(told),
        "TEST_KILLER": code_of(99),
    }
    with cluster(tmp_path, PGPASSFILE=passwords, **preload) as made:
        monkeypatch.setenv("TALLY_TLS", made.environment["TALLY_TLS"])
        made.folded = lambda: [line.split()[1] for line in told.read_text().splitlines()]
        made.start_workers()
        yield made


def told_of(engine, chunks, after, then):
    """Return what is told of each chunk; do something after some were."""
    found = {}
    for done in engine.run(chunks):
        found[done.chunk] = done
        if len(found) == after:
            then()
    return [found[number] for number in range(len(chunks))]


def two(slow):
    found = slow.worker_processes()
    return len(found) == 2 and found


def test_workers_are_killed_three_times_one_and_both_at_once(slow, chunks, plain):
    killed = []
    with closing(Scheduler(slow.url)) as engine:
        for which in (1, 2) * 3:

            def kill(which=which):
                victims = wait_for(lambda: two(slow), "two workers")
                time.sleep(0.1)  # amid the next chunk
                for one in victims[:which]:
                    one.kill()
                killed.append(which)

            before = len(slow.folded())
            found = told_of(engine, chunks, 2, kill)
            assert [done.lost for done in found] == [None] * len(chunks)
            assert [done.answers for done in found] == plain
            again = len(slow.folded()) - before - 40
            print(f"{which} killed: {again} of 40 towns folded again")
            assert again <= which * len(chunks[0]), "at most a chunk a worker"
    assert killed == [1, 2] * 3


def test_no_password_is_in_a_task_and_the_asker_needs_none(towns, chunks, plain, slow):
    assert not [one for one in towns if PASSWORD.encode() in one]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(decode_url(towns[-1]))
    with closing(Scheduler(slow.url)) as engine:
        found = told_of(engine, chunks[-1:], 9, lambda: None)
    assert [done.answers for done in found] == plain[-1:]


def decode_url(raw):
    return decode_task(raw).url.partition("&schema=")[0].partition("?schema=")[0]


def test_a_town_that_kills_each_worker_is_named_and_no_other_is_lost(slow, tmp_path):
    numbers = [*range(8), 99, *range(10, 17)]
    urls = {number: f"sqlite:///{tmp_path}/{number}.db" for number in numbers}
    for number, url in urls.items():
        make_town(url, number)
    region = Region("样例", {}, tuple(Town(code_of(n), f"样例镇{n}", "", urls[n]) for n in numbers))
    with closing(Scheduler(slow.url)) as engine:
        outcome = ask(region, QUESTION, engine)
    assert set(outcome.lost) == {code_of(99)}
    assert "2 workers died while they folded it" in str(FoldFaultError(outcome.lost[code_of(99)]))
    here = ask(region, QUESTION, Here())
    del here.values[code_of(99)]
    assert outcome.values == here.values


def test_a_restarted_scheduler_is_named_and_what_was_done_is_kept(slow, chunks, plain):
    port = slow.url.rpartition(":")[2]

    def restart():
        slow.scheduler.kill()
        slow.start_scheduler(port)

    with closing(Scheduler(slow.url)) as engine:
        found = told_of(engine, chunks, 3, restart)
        kept = [number for number, done in enumerate(found) if done.answers is not None]
        assert 3 <= len(kept) < len(chunks)
        assert [found[number].answers for number in kept] == [plain[number] for number in kept]
        lost = [done.lost for done in found if done.answers is None]
        assert all(isinstance(one, NoWorkersError) for one in lost)
        assert all("was lost, or it was started anew" in str(one) for one in lost)
        again = told_of(engine, chunks, 99, lambda: None)
        assert [done.answers for done in again] == plain


def test_a_scheduler_that_stays_away_is_named_and_workers_wait_for_it(slow, chunks, plain):
    with closing(Scheduler(slow.url)) as engine:
        found = told_of(engine, chunks, 3, slow.scheduler.kill)
        assert sum(done.answers is None for done in found) >= 10
        (done,) = engine.run(chunks[:1])
        assert isinstance(done.lost, NoWorkersError)
        assert "does not answer" in str(done.lost)
        wait_for(lambda: slow.workers.said("the worker waits for it"), "waiting workers")
        slow.start_scheduler(slow.url.rpartition(":")[2])
        wait_for(lambda: len(slow.workers.said("folds for")) >= 4, "workers that are back")
        (done,) = engine.run(chunks[:1])
        assert done.answers == plain[0]


def test_without_a_worker_it_gives_up_and_says_what_to_do(slow, chunks):
    def kill_all():
        for one in reversed(slow.workers.all()):
            one.kill()

    with closing(Scheduler(slow.url)) as engine:
        found = told_of(engine, chunks, 2, kill_all)
    lost = [done.lost for done in found if done.answers is None]
    assert lost
    assert all(isinstance(one, NoWorkersError) for one in lost)
    assert f"`tally region worker {slow.url}`" in str(lost[0])
    assert "no worker for 15 s" in str(lost[0])


def test_certificates_of_another_authority_are_refused(slow, tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_TLS", str(make_certificates(tmp_path / "others")))
    with pytest.raises(NoWorkersError, match="does not answer"):
        list(Scheduler(slow.url).run([[]]))
    assert os.environ["TALLY_TLS"].endswith("others")


def test_certificates_made_as_the_page_says_serve_all_three(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "province.md").read_text(encoding="utf-8")
    (block,) = (one for one in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "openssl" in one)
    subprocess.run(["bash", "-ec", block], cwd=tmp_path, check=True, capture_output=True)
    made = Cluster(tmp_path, {"TALLY_TLS": str(tmp_path / "scheduler")})
    try:
        made.start_workers(1, TALLY_TLS=str(tmp_path / "worker"))
        monkeypatch.setenv("TALLY_TLS", str(tmp_path / "asker"))
        with closing(Scheduler(made.url)) as engine:
            (done,) = engine.run([[task("sqlite:///none.db", 1, 0, NoQuestion())]])
    finally:
        made.end()
    assert decode_answer(done.answers[0]).value == Nothing()
