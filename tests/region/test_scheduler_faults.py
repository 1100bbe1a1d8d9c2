"""A town that kills, a scheduler that is away, no worker, other certificates: told by name."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from contextlib import closing

import psycopg
import pytest

from projections.region.engines.cluster import ClusterError
from projections.region.engines.engine import NoWorkersError
from projections.region.engines.here import Here
from projections.region.engines.scheduler import Scheduler
from projections.region.faults import FoldFaultError
from projections.region.messages import NoQuestion, Nothing, decode_answer, decode_task
from projections.region.running import ask
from projections.region.towns import Region, Town
from tests.region.clusters import ROOT, Cluster, find_port, make_certificates, wait_for
from tests.region.forty_towns import (
    answers_of,
    fold_plainly,
    forty_towns,
    slow_cluster,
    write_passwords,
)
from tests.region.small_towns import QUESTION, code_of, make_town, task

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def passwords(tmp_path_factory):
    """A password file, which workers alone are told of."""
    return write_passwords(tmp_path_factory.mktemp("passwords"))


@pytest.fixture(scope="module")
def chunks(tmp_path_factory):
    with forty_towns(tmp_path_factory.mktemp("towns")) as found:
        yield found


@pytest.fixture(scope="module")
def plain(chunks, passwords):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", passwords)
        return fold_plainly(chunks)


@pytest.fixture
def slow(tmp_path, passwords, monkeypatch):
    """A cluster whose workers take 0.1 s a town."""
    with slow_cluster(tmp_path, passwords, seconds=0.1) as made:
        monkeypatch.setenv("TALLY_TLS", made.environment["TALLY_TLS"])
        yield made.wait_for_workers()


def test_the_asker_needs_no_password(chunks, plain, slow):
    url = decode_task(chunks[-1][-1]).url.partition("&schema=")[0].partition("?schema=")[0]
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url)
    with closing(Scheduler(slow.url)) as engine:
        found = answers_of(engine, chunks[-1:])
    assert [done.answers for done in found] == plain[-1:]


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
        found = answers_of(engine, chunks, 3, restart)
        kept = [number for number, done in enumerate(found) if done.answers is not None]
        assert 3 <= len(kept) < len(chunks)
        assert [found[number].answers for number in kept] == [plain[number] for number in kept]
        lost = [done.lost for done in found if done.answers is None]
        assert all(isinstance(one, NoWorkersError) for one in lost)
        assert all("was lost, or it was started anew" in str(one) for one in lost)
        again = answers_of(engine, chunks)
        assert [done.answers for done in again] == plain


def test_a_scheduler_that_stays_away_is_named_and_workers_wait_for_it(slow, chunks, plain):
    with closing(Scheduler(slow.url)) as engine:
        found = answers_of(engine, chunks, 3, slow.scheduler.kill)
        assert sum(done.answers is None for done in found) >= 10
        (done,) = engine.run(chunks[:1])
        assert isinstance(done.lost, NoWorkersError)
        assert "does not answer" in str(done.lost)
        wait_for(lambda: slow.workers.said("the worker waits for it"), "waiting workers")
        slow.start_scheduler(slow.url.rpartition(":")[2])
        slow.wait_for_workers(4)
        (done,) = engine.run(chunks[:1])
        assert done.answers == plain[0]


def test_without_a_worker_it_gives_up_and_says_what_to_do(slow, chunks):
    def kill_all():
        for one in reversed(slow.workers.all()):
            one.kill()

    with closing(Scheduler(slow.url)) as engine:
        found = answers_of(engine, chunks, 2, kill_all)
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


def test_a_worker_with_certificates_of_another_authority_says_so(tmp_path):
    made = Cluster(tmp_path, {"TALLY_TLS": str(make_certificates(tmp_path / "tls"))})
    try:
        made.start_workers(1, TALLY_TLS=str(make_certificates(tmp_path / "others")))
        wait_for(lambda: made.workers.said("do not accept each other's certificates"), "its words")
        wait_for(lambda: made.scheduler.said("was refused: its certificates"), "the scheduler's")
        assert "handshake" not in made.scheduler.log.read_text(encoding="utf-8")
    finally:
        made.end()


def test_certificates_made_as_the_page_says_serve_all_three(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "province.md").read_text(encoding="utf-8")
    (block,) = (one for one in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) if "openssl" in one)
    subprocess.run(["bash", "-ec", block], cwd=tmp_path, check=True, capture_output=True)
    made = Cluster(tmp_path, {"TALLY_TLS": str(tmp_path / "scheduler")})
    try:
        made.start_workers(1, TALLY_TLS=str(tmp_path / "worker")).wait_for_workers(1)
        monkeypatch.setenv("TALLY_TLS", str(tmp_path / "asker"))
        with closing(Scheduler(made.url)) as engine:
            (done,) = engine.run([[task("sqlite:///none.db", 1, 0, NoQuestion())]])
    finally:
        made.end()
    assert decode_answer(done.answers[0]).value == Nothing()


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_scheduler_of_dask_itself_is_refused():
    """It would wait for ever where no worker is left."""
    port = find_port()
    words = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *words]
    process = subprocess.Popen(command)
    try:
        wait_for(lambda: listens(port), "the scheduler")
        with pytest.raises(ClusterError, match="was not started by `tally region scheduler`"):
            list(Scheduler(f"tcp://127.0.0.1:{port}").run([[]]))
    finally:
        process.terminate()
        process.wait()
