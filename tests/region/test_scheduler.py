"""On a scheduler with two workers towns are folded as by the plain loop, byte for byte."""

from __future__ import annotations

import os
from contextlib import closing

import psutil
import pytest

from ledger.errors import TallyError
from projections.region.code_hash import code_hash
from projections.region.engines.cluster import ClusterError, address_of, listening_address
from projections.region.engines.here import Here
from projections.region.engines.scheduler import Scheduler, UnreachableError
from projections.region.messages import NoQuestion, decode_answer
from tests.region.clusters import cluster, make_certificates, wait_for
from tests.region.small_towns import make_towns, task


@pytest.fixture
def two_workers(tmp_path, monkeypatch):
    with cluster(tmp_path) as made:
        monkeypatch.setenv("TALLY_TLS", made.environment["TALLY_TLS"])
        yield made.start_workers()


def folded(engine, chunks):
    """Return the answers by chunk; none may be lost."""
    found = {}
    for done in engine.run(chunks):
        assert done.lost is None, done.lost
        found[done.chunk] = done.answers
    return [found[number] for number in range(len(chunks))]


def test_two_workers_fold_as_the_plain_loop_and_a_killed_one_costs_nothing(two_workers, tmp_path):
    tasks = make_towns([f"sqlite:///{tmp_path}/{n}.db" for n in range(4)])
    chunks = [[one] for one in tasks] * 3
    plain = folded(Here(), chunks)
    assert all(decode_answer(one).value for answers in plain for one in answers)
    engine = Scheduler(two_workers.url)
    with closing(engine):
        assert folded(engine, chunks) == plain
        pids = {one.pid for one in two_workers.worker_processes()}
        assert len(pids) == 2
        os.kill(min(pids), 9)
        assert folded(engine, chunks) == plain
        wait_for(lambda: len(two_workers.workers.said("folds for")) >= 2, "a new worker")
        listening = [
            connection.laddr.ip
            for process in (two_workers.scheduler, two_workers.workers)
            for one in process.all()
            for connection in one.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert listening
        assert set(listening) == {"127.0.0.1"}
        asked = tasks[0].replace(code_hash().encode(), b"0" * 64)
        ((answer,),) = folded(engine, [[asked]])
        fault = decode_answer(answer).fault
        assert fault.kind == "OtherCodeError"
        assert fault.sentences[0]["values"]["host"] == os.uname().nodename


@pytest.mark.parametrize(
    "url", ["tcp://10.0.0.5:8786", "tcp://scheduler", "tcp://[2001:db8::1]:8786", "tcp://0.0.0.0:1"]
)
def test_an_unencrypted_address_elsewhere_is_refused(url):
    with pytest.raises(ClusterError, match="without encryption"):
        Scheduler(url)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "scheduler"])
def test_a_scheduler_that_others_reach_needs_certificates(host, monkeypatch):
    monkeypatch.delenv("TALLY_TLS", raising=False)
    with pytest.raises(ClusterError, match="without encryption"):
        listening_address(host, 8786)
    monkeypatch.setenv("TALLY_TLS", "somewhere")
    assert listening_address(host, 8786).encrypted


@pytest.mark.parametrize("url", ["scheduler:8786", "http://scheduler", "tls://", "tls://a:b", "x"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ClusterError, match="is not a scheduler's address"):
        address_of(url)


def test_an_address_without_a_port_has_the_usual_one():
    assert address_of("tls://scheduler").url == "tls://scheduler:8786"
    assert address_of("tcp://[::1]:1").url == "tcp://[::1]:1"


def test_missing_and_spoilt_certificates_are_named(tmp_path, monkeypatch):
    monkeypatch.delenv("TALLY_TLS", raising=False)
    with pytest.raises(ClusterError, match=r"set TALLY_TLS to the folder that has ca\.crt, tls"):
        Scheduler("tls://127.0.0.1:8786")
    folder = make_certificates(tmp_path / "tls")
    monkeypatch.setenv("TALLY_TLS", str(folder))
    (folder / "tls.key").write_text("no key")
    with pytest.raises(ClusterError, match=f"the certificates in {folder} cannot be used"):
        Scheduler("tls://127.0.0.1:8786")
    (folder / "tls.key").unlink()
    with pytest.raises(ClusterError, match="No such file"):
        Scheduler("tls://127.0.0.1:8786")


def test_a_scheduler_that_is_not_there_is_named(unused_port):
    engine = Scheduler(f"tcp://127.0.0.1:{unused_port}")
    with pytest.raises(UnreachableError, match=r"does not answer: .*Start it with"):
        list(engine.run([[task("sqlite:///none.db", 1, 0, NoQuestion())]]))
    assert issubclass(UnreachableError, TallyError)


@pytest.fixture
def unused_port():
    import socket  # noqa: PLC0415

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
