"""On a scheduler with two workers towns are folded as by the plain loop, whoever is killed."""

from __future__ import annotations

import os
import time
from contextlib import closing

import psutil
import pytest

from ledger.errors import TallyError
from projections.region.code_hash import code_hash
from projections.region.engines.cluster import ClusterError, address_of, listening_address
from projections.region.engines.scheduler import Scheduler, UnreachableError
from projections.region.messages import NoQuestion, decode_answer
from tests.region.clusters import find_port, make_certificates, wait_for
from tests.region.forty_towns import (
    PASSWORD,
    answers_of,
    fold_plainly,
    forty_towns,
    slow_cluster,
    write_passwords,
)
from tests.region.small_towns import task


@pytest.fixture
def passwords(tmp_path):
    """A password file, which workers alone are told of."""
    return write_passwords(tmp_path)


def kill(workers, number):
    """Kill some of two workers amid a chunk, once both are there."""
    both = wait_for(lambda: len(found := workers()) == 2 and found, "two workers")
    time.sleep(0.06)
    for one in both[:number]:
        one.kill()


def test_40_towns_are_folded_as_by_the_plain_loop_whoever_is_killed(
    tmp_path, passwords, monkeypatch
):
    """A worker is killed after two towns have come, and both at once, each three times."""
    with (
        slow_cluster(tmp_path, passwords, seconds=0.04) as made,
        forty_towns(tmp_path) as chunks,
    ):
        monkeypatch.setenv("TALLY_TLS", made.environment["TALLY_TLS"])
        with monkeypatch.context() as patch:
            patch.setenv("PGPASSFILE", passwords)
            plain = fold_plainly(chunks)
        assert not [one for chunk in chunks for one in chunk if PASSWORD.encode() in one]
        made.wait_for_workers()
        folded_again = []
        with closing(Scheduler(made.url)) as engine:
            for number in (1, 2) * 3:
                before = len(made.folded())
                found = answers_of(
                    engine, chunks, 1, lambda number=number: kill(made.worker_processes, number)
                )
                assert [done.lost for done in found] == [None] * len(chunks)
                assert [done.answers for done in found] == plain
                again = len(made.folded()) - before - 40
                assert 0 <= again <= number * len(chunks[0]), "at most a chunk a worker"
                folded_again.append(again)
            assert sum(folded_again), "no kill was amid a chunk"
            check_other_code_is_refused(engine, chunks[0][0])
        check_nobody_elsewhere_is_listened_to(made)


def check_other_code_is_refused(engine, asked):
    other = asked.replace(code_hash().encode(), b"0" * 64)
    ((answer,),) = (done.answers for done in engine.run([[other]]))
    fault = decode_answer(answer).fault
    assert fault.kind == "OtherCodeError"
    assert fault.sentences[0]["values"]["host"] == os.uname().nodename


def check_nobody_elsewhere_is_listened_to(made):
    listening = [
        connection.laddr.ip
        for process in (made.scheduler, made.workers)
        for one in process.all()
        for connection in one.net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert set(listening) == {"127.0.0.1"}


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


def test_a_scheduler_that_is_not_there_is_named():
    engine = Scheduler(f"tcp://127.0.0.1:{find_port()}")
    with pytest.raises(UnreachableError, match=r"does not answer: .*Start it with"):
        list(engine.run([[task("sqlite:///none.db", 1, 0, NoQuestion())]]))
    assert issubclass(UnreachableError, TallyError)
