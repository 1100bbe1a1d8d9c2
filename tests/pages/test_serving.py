"""`tally serve` listens on loopback alone, on a free port, until it is interrupted."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from tests.cli.running import ROOT


def served(url, *more):
    """Serve a ledger; see `served_by`."""
    return served_by("--ledger", url, *more)


@contextmanager
def served_by(*words):
    """Run a server in its own process; yield its port and the process; end it afterwards."""
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", *words]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert found, line + process.stderr.read()
            yield int(found[1]), process
        finally:
            if process.poll() is None:
                process.kill()


def test_server_answers_and_ends_on_interrupt(town):
    with served(town.url) as (port, process):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/?through=2016-05-31")
        response = connection.getresponse()
        html = response.read().decode()
        assert response.status == 200
        assert "甲村" in html
        assert "server" not in {name.lower() for name, _ in response.getheaders()}
        connection.request("GET", "/", headers={"Host": "evil.example"})
        assert connection.getresponse().status == 421
        connection.close()
        process.send_signal(signal.SIGINT)
        assert "Traceback" not in process.communicate(timeout=20)[1]
        assert process.returncode == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_a_host_that_others_can_reach_is_refused(town, host):
    run = town.tally("serve", "--host", host).refused()
    assert f"--host: {host} is not a loopback address; write 127.0.0.1" in run.err


def test_a_port_in_use_is_refused(town):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = town.tally("serve", "--port", port).refused()
    assert f"--port: {port}: " in run.err
    assert "choose another" in run.err
