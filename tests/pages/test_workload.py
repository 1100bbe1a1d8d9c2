"""A page that takes long stops nothing else, and is not computed for a client that has gone."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest
import uvicorn
from starlette.requests import ClientDisconnect

from cli.pages import protocol, workload
from cli.pages.app import Pages, application
from cli.pages.protocol import TimedProtocol
from cli.pages.workload import BusyError, Workload
from cli.session import session


class Client:
    """A client of a request, which may go."""

    def __init__(self, *, gone=False):
        self.gone = gone

    async def is_disconnected(self):
        return self.gone


def test_what_waits_for_a_client_that_has_gone_is_not_computed():
    computed, release = [], threading.Event()

    async def scene():
        work = Workload()
        first = asyncio.create_task(work.run(Client(), release.wait))
        await asyncio.sleep(0.05)
        with pytest.raises(ClientDisconnect):
            await work.run(Client(gone=True), lambda: computed.append("for nobody"))
        last = asyncio.create_task(work.run(Client(), lambda: computed.append("for somebody")))
        release.set()
        await asyncio.gather(first, last)
        work.close()

    asyncio.run(scene())
    assert computed == ["for somebody"]


def test_more_requests_than_may_wait_are_refused():
    release = threading.Event()

    async def scene():
        work = Workload()
        waiting = [
            asyncio.create_task(work.run(Client(), release.wait))
            for _ in range(workload.MOST_WAITING)
        ]
        await asyncio.sleep(0.05)
        with pytest.raises(BusyError):
            await work.run(Client(), release.wait)
        release.set()
        assert await asyncio.gather(*waiting) == [True] * workload.MOST_WAITING
        assert await work.run(Client(), lambda: "again") == "again"
        work.close()

    asyncio.run(scene())


def test_a_request_that_waits_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(workload, "PATIENCE", 0.1)
    release = threading.Event()

    async def scene():
        work = Workload()
        first = asyncio.create_task(work.run(Client(), release.wait))
        await asyncio.sleep(0.05)
        with pytest.raises(BusyError):
            await work.run(Client(), lambda: None)
        release.set()
        with pytest.raises(BusyError):
            await first
        work.close()

    asyncio.run(scene())


@contextmanager
def running(town):
    """Run the server on a thread; yield its port."""
    with session(town.url) as opened, socket.create_server(("127.0.0.1", 0)) as listening:
        settings = uvicorn.Config(
            application(opened, language="en"), http=TimedProtocol, ws="none", log_level="error"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def get(port, path):
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_static_files_are_answered_while_a_page_is_computed(town, monkeypatch):
    """Six tabs ask for pages that each take long; the style sheet comes at once."""
    release, statuses = threading.Event(), []
    answer = Pages.answer

    def slow(self, path, parameters):
        release.wait(20)
        return answer(self, path, parameters)

    monkeypatch.setattr(Pages, "answer", slow)
    with running(town) as port:
        tabs = [
            threading.Thread(target=lambda: statuses.append(get(port, "/?through=2016-05-31")))
            for _ in range(6)
        ]
        for tab in tabs:
            tab.start()
        began = time.monotonic()
        assert get(port, "/static/pages.css") == 200
        assert time.monotonic() - began < 2
        assert statuses == []
        release.set()
        for tab in tabs:
            tab.join()
    assert statuses == [200] * 6


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_connection_that_sends_no_headers_is_closed(town, monkeypatch, sent):
    monkeypatch.setattr(protocol, "SECONDS", 0.2)
    with (
        running(town) as port,
        socket.create_connection(("127.0.0.1", port), timeout=10) as connection,
    ):
        connection.sendall(sent)
        assert connection.recv(100) == b""
