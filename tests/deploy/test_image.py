"""The image is built of what the repository has, by hash, and runs without rights."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.cli.running import environment_with
from tests.deploy.conftest import DEPLOY, ROOT


def instructions():
    """Return the instructions of the Dockerfile, without comments and line ends."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", text).splitlines()
    return [tuple(line.split(" ", 1)) for line in joined if line.strip()]


def copied():
    """Return the sources and the target of what is copied from the repository."""
    for name, words in instructions():
        if name == "COPY" and "--from" not in words:
            *sources, target = [one for one in words.split() if not one.startswith("--")]
            yield sources, target


def test_copies_what_is_there_and_may_be_read():
    """The build reads nothing but what its .dockerignore lets through."""
    ignoring = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_through = {line[1:] for line in ignoring if line.startswith("!")}
    assert next(line for line in ignoring if not line.startswith("#")) == "*"
    sources = {source for some, _ in copied() for source in some}
    assert sources == let_through
    assert all((ROOT / source).exists() for source in sources)


def test_installs_by_hash_and_runs_as_a_user_without_rights():
    installing = [words for name, words in instructions() if name == "RUN" and "pip" in words]
    assert [re.search(r"--require-hashes|--no-deps", one)[0] for one in installing] == [
        "--require-hashes",
        "--no-deps",
    ]
    names = [name for name, _ in instructions()]
    (user,) = (words for name, words in instructions() if name == "USER")
    assert user == "10001:10001"
    assert names.index("USER") > max(n for n, name in enumerate(names) if name in {"RUN", "COPY"})


def test_holds_no_key_and_no_password():
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert not re.search(r"PASSW|(?m:^ARG)|BEGIN .*KEY", text)
    assert "/run/secrets/" in dict(instructions())["CMD"]


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="there is no hadolint here")
def test_hadolint_finds_nothing():
    run = subprocess.run(
        ["hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")


@pytest.mark.slow
def test_its_steps_make_a_program_that_works(tmp_path):
    """What is copied, and the steps of the first stage, in an empty folder."""
    source, target = tmp_path / "source", tmp_path / "tally"
    source.mkdir()
    for sources, place in copied():
        if place.startswith("/"):
            continue
        for one in sources:
            if (ROOT / one).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / one, source / one, ignore=ignored)
            else:
                shutil.copy(ROOT / one, source)
    for name, words in instructions():
        if name == "FROM" and " AS " not in words:
            break
        if name == "RUN":
            steps = shlex.split(words.replace("/opt/tally", str(target)))
            steps[0] = sys.executable if steps[0] == "python" else steps[0]
            subprocess.run(steps, cwd=source, check=True, stdout=subprocess.DEVNULL)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    for words in (["demo"], ["site", "pages", "--ledger", "sqlite:///tally-demo/tally.db"]):
        subprocess.run(
            [target / "bin" / "tally", *words], cwd=tmp_path, env=environment, check=True
        )
    assert (tmp_path / "pages" / "index.html").exists()


class Answering(BaseHTTPRequestHandler):
    """Answers with the status that the path names."""

    def do_GET(self):
        self.send_response(int(self.path.strip("/") or 303))
        self.send_header("Location", "/sign-in")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def answering(folder=None):
    """Serve on a free port of this machine, by TLS with a certificate in a folder."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    if folder is not None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere.example")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        ).sign(key, hashes.SHA256())
        pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        private = key.private_bytes(*pem, serialization.NoEncryption())
        (folder / "both.pem").write_bytes(made.public_bytes(pem[0]) + private)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "both.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http{'s' if folder else ''}://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def health(url):
    return subprocess.run(
        [sys.executable, DEPLOY / "health.py"],
        env=environment_with({"HEALTH_URL": url}),
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_is_healthy_if_the_desk_answers(tmp_path):
    for folder in (None, tmp_path):
        with answering(folder) as url:
            assert health(f"{url}/").returncode == 0
            assert health(f"{url}/403").returncode == 0
            broken = health(f"{url}/503")
        assert (broken.returncode, broken.stderr) == (1, f"{url}/503 answers 503\n")
        gone = health(f"{url}/")
        assert gone.returncode == 1
        assert gone.stderr.startswith(f"{url}/ does not answer: ")


def test_the_entry_point_reads_the_password_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("a secret, with blanks\n")
    words = [DEPLOY / "entrypoint.sh", "sh", "-c", 'printf "%s|" "$PGPASSWORD" "$1"', "x", "a b"]
    more = {"PGPASSWORD_FILE": str(tmp_path / "secret")}
    found = subprocess.check_output(words, env=environment_with(more), text=True)
    assert found == "a secret, with blanks|a b|"
    missing = {"PGPASSWORD_FILE": str(tmp_path / "none")}
    run = subprocess.run(words, env=environment_with(missing), capture_output=True, check=False)
    assert run.returncode != 0
    assert run.stdout == b""
