"""The server answers only this machine and only reading requests, with security headers."""

from __future__ import annotations

from unittest import mock

import pytest

from cli.pages.books import Books
from cli.pages.security import host_name
from ledger.errors import DamagedLedgerError, StoreError
from tests.pages.html_page import HtmlPage

PATHS = ["/", "/unit?id=V001", "/static/pages.css", "/unit?id=V999", "/?year=x", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(client, path):
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'self'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", PATHS)
def test_other_methods_than_get_and_head_are_refused(client, method, path):
    response = client.http.request(method, path)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert "read only" in response.text


def test_head_has_no_body(client):
    response = client.http.head("/")
    assert response.status_code == 200
    assert response.content == b""


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
@pytest.mark.parametrize("path", ["/", "/static/pages.js"])
def test_a_foreign_host_name_is_refused(client, host, path):
    response = client.http.get(path, headers={"host": host})
    assert response.status_code == 421
    assert "甲村" not in response.text


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "127.0.0.1:9", "[::1]:8000", "[::1]"]
)
def test_every_loopback_name_is_accepted(client, host):
    assert client.http.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/?as_of=3", "/static/pages.css"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_request_of_another_site_is_refused(client, path, site):
    """An image of a foreign page, or of a server on another port, computes nothing."""
    with mock.patch.object(Books, "year_data", side_effect=AssertionError):
        response = client.http.get(path, headers={"sec-fetch-site": site})
    assert response.status_code == 403
    assert "paste its address" in response.text


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_typed_addresses_and_own_links_are_answered(client, site):
    assert client.http.get("/", headers={"sec-fetch-site": site}).status_code == 200


@pytest.mark.parametrize("path", ["//evil.example/x", "//evil.example/unit", "/nowhere"])
def test_an_address_of_no_page_is_not_led_back_to(client, path):
    response = client.http.get(f"http://127.0.0.1:8000{path}?as_of=5&lang=en")
    assert response.status_code == 404
    page = HtmlPage(response.text)
    assert all("evil" not in link and "nowhere" not in link for link in page.links if link)
    assert "/?lang=en" in page.links


def test_host_name_drops_the_port():
    assert host_name("[::1]:8000") == "::1"
    assert host_name("localhost:8000") == "localhost"
    assert host_name("") == ""


def test_pages_load_local_files_alone_and_have_no_inline_code(client):
    for path in ("/", "/unit?id=V001", "/clauses", "/differences", "/entry?id=B-1"):
        page = client.page(path, through_may=False)
        assert all(source.startswith("/static/") for source in page.sources)
        assert not [one for _, one in page.tags if any(name.startswith("on") for name in one)]
        assert not [one for tag, one in page.tags if tag == "style" or "style" in one]


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (DamagedLedgerError(7, "there is no such event"), 500, "restore it from a backup"),
        (StoreError("tally.db is locked."), 503, "tally.db is locked."),
        (ValueError("secret"), 500, "This is an error in the program"),
    ],
)
def test_an_internal_error_is_a_page_without_details(client, fault, status, words):
    with mock.patch.object(Books, "year_data", side_effect=fault):
        response = client.get("/ranking")
    assert response.status_code == status
    assert words in response.text
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'self'; ")
