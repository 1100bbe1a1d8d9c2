"""`tally serve`: on loopback alone, at a port that is free, until it is told to end."""

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


@contextmanager
def served(url, *more):
    """The address of a server of its own process, which is ended afterwards."""
    command = [sys.executable, "-m", "cli.main", "serve", "--port", "0", "--ledger", url, *more]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            line = process.stderr.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            assert found, line + process.stderr.read()
            yield int(found[1]), process
        finally:
            if process.poll() is None:
                process.kill()


def test_it_answers_and_ends(town):
    with served(town.url) as (port, process):
        asked = HTTPConnection("127.0.0.1", port, timeout=20)
        asked.request("GET", "/?through=2016-05-31")
        answer = asked.getresponse()
        html = answer.read().decode()
        assert answer.status == 200
        assert "甲村" in html
        assert "server" not in {name.lower() for name, _ in answer.getheaders()}
        asked.request("GET", "/", headers={"Host": "evil.example"})
        assert asked.getresponse().status == 421
        asked.close()
        process.send_signal(signal.SIGINT)
        assert "Traceback" not in process.communicate(timeout=20)[1]
        assert process.returncode == 0


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])
def test_other_hosts_are_refused(town, host):
    run = town.tally("serve", "--host", host).refused()
    assert f"--host: {host} can be reached from other machines; write 127.0.0.1" in run.err


def test_a_port_in_use_is_refused(town):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = town.tally("serve", "--port", port).refused()
    assert f"--port: {port}: " in run.err
    assert "choose another" in run.err
