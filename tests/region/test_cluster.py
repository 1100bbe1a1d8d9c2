"""A scheduler answers as the plain loop, to who shows a certificate of its own authority."""

import socket
import ssl
from contextlib import closing

import msgspec
import psutil
import pytest

from projections.region.engines.here import Here
from projections.region.engines.scheduler import Scheduler
from projections.region.running import ask
from tests.region.clusters import cluster, make_certificates
from tests.region.regions import region_of
from tests.region.small_towns import QUESTION


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made.start_workers(1)


def test_towns_are_asked_by_a_scheduler_as_here(running, tmp_path, monkeypatch):
    monkeypatch.setenv("TALLY_TLS", running.environment["TALLY_TLS"])
    region = msgspec.structs.replace(region_of(tmp_path, 3), file="")
    with closing(Scheduler(running.url)) as engine:
        outcome = ask(region, QUESTION, engine)
    assert len(outcome.values) == 3
    assert outcome == ask(region, QUESTION, Here())


def ports_of(running):
    """Return all ports on which the scheduler, the worker and what starts it anew listen."""
    processes = [*running.scheduler.all(), *running.workers.all()]
    return {
        found.laddr.port
        for one in processes
        for found in one.net_connections("tcp")
        if found.status == psutil.CONN_LISTEN
    }


def said_unencrypted(port):
    """Return what a port says to a client without encryption."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        try:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return plain.recv(100)
        except ConnectionError:
            return b""


def is_answered(port, trusted, shown):
    """Return whether a port speaks to a client that shows the certificate of a folder, or none."""
    context = ssl.create_default_context(cafile=trusted / "ca.crt")
    context.check_hostname = False
    if shown is not None:
        context.load_cert_chain(shown / "tls.crt", shown / "tls.key")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as plain:
        try:
            with context.wrap_socket(plain) as encrypted:
                return bool(encrypted.recv(1))  # in Dask's protocol each side begins
        except (ssl.SSLError, ConnectionError):
            return False


def test_a_client_without_a_certificate_of_the_authority_is_told_nothing(running, tmp_path):
    others = make_certificates(tmp_path / "others")
    said = {port: said_unencrypted(port) for port in ports_of(running)}
    encrypted = [port for port, words in said.items() if not words]
    assert len(encrypted) >= 3, "the scheduler, the worker and what starts it anew"
    # Dask opens a port for pages, of which there are none.
    assert all(b" 404 " in words for words in said.values() if words)
    ours = running.folder / "tls"
    for port in encrypted:
        assert is_answered(port, ours, ours)
        assert not is_answered(port, ours, None)
        assert not is_answered(port, ours, others)
