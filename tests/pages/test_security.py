"""This machine alone, reading alone, nothing foreign: on pages, files and refusals alike."""

from __future__ import annotations

from unittest import mock

import pytest

from cli.pages.books import Books
from cli.pages.security import host_name
from ledger.errors import DamagedLedgerError, StoreError

PATHS = ["/", "/unit?id=V001", "/static/pages.css", "/unit?id=V999", "/?year=x", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_security_headers_are_on_every_answer(reader, path):
    headers = reader.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_but_reading(reader, method, path):
    answer = reader.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"
    assert "read only" in answer.text


def test_head_is_get_without_a_body(reader):
    answer = reader.client.head("/")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
@pytest.mark.parametrize("path", ["/", "/static/pages.js"])
def test_another_name_is_refused(reader, host, path):
    answer = reader.client.get(path, headers={"host": host})
    assert answer.status_code == 421
    assert "甲村" not in answer.text


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8000", "[::1]"]
)
def test_this_machine_by_any_of_its_names(reader, host):
    assert reader.client.get("/", headers={"host": host}).status_code == 200


def test_host_name():
    assert host_name("[::1]:8000") == "::1"
    assert host_name("localhost:8000") == "localhost"
    assert host_name("") == ""


def test_nothing_comes_from_elsewhere(reader):
    for path in ("/", "/unit?id=V001", "/clauses", "/differences", "/entry?id=B-1"):
        page = reader.page(path, known=False)
        assert all(source.startswith("/static/") for source in page.sources)
        assert not [told for _, told in page.tags if any(n.startswith("on") for n in told)]
        assert not [told for tag, told in page.tags if tag == "style" or "style" in told]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (DamagedLedgerError(7, "there is no such event"), 500, "restore it from a backup"),
        (StoreError("tally.db is locked."), 503, "tally.db is locked."),
        (ValueError("secret"), 500, "This is a fault of the program"),
    ],
)
def test_a_fault_is_a_page_too_and_tells_no_more_than_it_should(reader, fault, status, words):
    with mock.patch.object(Books, "view", side_effect=fault):
        answer = reader.get("/")
    assert answer.status_code == status
    assert words in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'; ")
