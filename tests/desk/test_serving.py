"""`tally desk` as a process: on loopback, with a certificate, and behind a proxy."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.running import ROOT, Tally

if TYPE_CHECKING:
    from pathlib import Path


@contextmanager
def running(command, url, *more, program=("cli.main",)):
    """Run a server in its own process; yield it and its first line; end it afterwards.

    Args:
        command: `serve` or `desk`.
        url: the ledger.
        more: options.
        program: the module that is run, and what it takes before the command.
    """
    arguments = [sys.executable, "-m", *program, command, "--port", "0", "--ledger", url, *more]
    with subprocess.Popen(arguments, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stderr.readline()
        finally:
            process.kill()


@contextmanager
def desk(url, *more, day=None):
    """Run a desk in its own process; yield its port and its first line; end it afterwards.

    Args:
        url: the ledger.
        more: options.
        day: a file that says which day it is there; by default it is the clock's.
    """
    program = ["cli.main"] if day is None else ["tests.desk.serving_on", str(day)]
    with running("desk", url, *more, program=program) as (_, line):
        port = re.search(r":(\d+)/", line)
        yield int(port[1]) if port else 0, line


def certificate(folder: Path, *, names: bool = True) -> tuple[Path, Path]:
    """Write a certificate of desk.test and 127.0.0.1, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "desk.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
    )
    if names:
        hosts = [x509.DNSName("desk.test"), x509.IPAddress(ip_address("127.0.0.1"))]
        made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
    pem, secret = folder / "desk.pem", folder / "desk.key"
    signed = made.sign(key, hashes.SHA256())
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    secret.write_bytes(key.private_bytes(*form, serialization.NoEncryption()))
    return pem, secret


def answer(connection, path, **headers):
    """Return the response to a GET request; the connection is closed."""
    with closing(connection):
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        return response


def test_the_first_line_of_a_ledger_without_accounts_leads_to_the_first_account(tmp_path):
    tally = Tally(tmp_path).founded()
    with desk(tally.url) as (port, line):
        token = re.search(r"/setup\?token=(\S+)", line)[1]
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        assert answer(connection, "/setup?token=other").status == 403
        assert answer(connection, f"/setup?token={token}").status == 200


def test_with_a_certificate_it_answers_by_https_under_its_names_alone(tally, tmp_path):
    pem, secret = certificate(tmp_path)
    with desk(tally.url, "--cert", str(pem), "--key", str(secret)) as (port, line):
        assert f"https://127.0.0.1:{port}/" in line
        context = ssl.create_default_context(cafile=str(pem))
        connection = HTTPSConnection("127.0.0.1", port, timeout=20, context=context)
        response = answer(connection, "/sign-in")
        assert response.status == 200
        assert "Secure" in response.getheader("set-cookie")
        assert response.getheader("strict-transport-security") == "max-age=31536000"
        assert answer(connection, "/sign-in", Host=f"desk.test:{port}").status == 200
        assert answer(connection, "/sign-in", Host="other.test").status == 421


def test_behind_a_proxy_it_answers_under_the_proxys_name_and_path(tally):
    with desk(tally.url, "--behind", "https://office.test/tally") as (_, line):
        assert "https://office.test/tally/ is the desk of" in line
    from starlette.testclient import TestClient  # noqa: PLC0415

    from cli.desk.app import application  # noqa: PLC0415
    from cli.desk.place import place_of  # noqa: PLC0415
    from cli.session import session  # noqa: PLC0415

    with session(tally.url) as opened:
        place = place_of("127.0.0.1", None, None, "https://office.test/tally")
        http = TestClient(application(opened, place), base_url="https://office.test")
        for path in ("/tally/sign-in", "/sign-in"):  # whether the proxy strips the prefix or not
            response = http.get(path)
            assert 'action="/tally/sign-in"' in response.text
            assert 'href="/tally/static/pages.css"' in response.text
            assert "Path=/tally; " in response.headers["set-cookie"]
            assert "Secure" in response.headers["set-cookie"]
        form = {"origin": "https://office.test", "host": "127.0.0.1:8000"}
        assert http.post("/tally/sign-out", headers=form, follow_redirects=False).status_code == 303
        form["origin"] = "https://other.test"
        assert http.post("/tally/sign-out", headers=form).status_code == 403


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4"])
def test_passphrases_never_cross_a_network_in_the_clear(tally, host):
    run = tally("desk", "--host", host).refused()
    assert "give a certificate with --cert and --key" in " ".join(run.err.split())


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--behind", "http://office.test"], "write it as https://office.example"),
        (["--behind", "office.test"], "write it as https://office.example"),
        (["--behind", "https://office.test", "--cert", "{pem}", "--key", "{key}"],
         "give --behind without --cert"),
        (["--cert", "{pem}"], "--cert and --key go together"),
        (["--cert", "{key}", "--key", "{pem}"], "--cert: "),
        (["--cert", "{nameless}/desk.pem", "--key", "{nameless}/desk.key"], "names no host"),
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_refused(tally, tmp_path, options, words):
    pem, secret = certificate(tmp_path)
    nameless = tmp_path / "nameless"
    nameless.mkdir()
    certificate(nameless, names=False)
    given = [one.format(pem=pem, key=secret, nameless=nameless) for one in options]
    assert words in " ".join(tally("desk", *given).refused().err.split())
