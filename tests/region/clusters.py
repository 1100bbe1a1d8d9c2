"""A cluster of real processes on this machine: certificates, a scheduler, workers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
_PATIENCE = 60
"""Seconds for what takes one or two on a machine that has nothing else to do."""


def wait_for(condition, what):
    end = time.monotonic() + _PATIENCE
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {_PATIENCE} s in vain for {what}"
        time.sleep(0.05)
    return found


def make_certificates(folder: Path) -> Path:
    """Write ca.crt, and tls.crt and tls.key that it signed, into a folder."""
    now = datetime.now(UTC)

    def certificate(name, key, issuer, issuer_key, *, is_ca):
        def named(text):
            return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
            .sign(issuer_key, hashes.SHA256())
            .public_bytes(Encoding.PEM)
        )

    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    folder.mkdir(exist_ok=True)
    (folder / "ca.crt").write_bytes(certificate("ca", ca_key, "ca", ca_key, is_ca=True))
    (folder / "tls.crt").write_bytes(certificate("town", key, "ca", ca_key, is_ca=False))
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "tls.key").write_bytes(secret)
    return folder


class Process:
    """A `tally region …` that runs until it is ended."""

    def __init__(self, words, folder, environment):
        self.log = folder / f"{words[0]}-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "cli.main", "region", *words]
        with self.log.open("wb") as file:
            self.process = subprocess.Popen(
                command, stdout=file, stderr=file, cwd=ROOT, env={**os.environ, **environment}
            )
        self.pid = self.process.pid

    def said(self, text):
        """Return the lines of its output that have a text; fail if it has ended."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        found = [line for line in lines if text in line]
        assert found or self.process.poll() is None, lines
        return found

    def all(self):
        return [psutil.Process(self.pid), *psutil.Process(self.pid).children(recursive=True)]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise


class Cluster:
    """A scheduler and workers; what an environment says is said to all of them."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        self.workers: Process | None = None
        self.start_scheduler("0")

    def start_scheduler(self, port):
        words = ["scheduler", "--port", port]
        self.scheduler = Process(words, self.folder, self.environment)
        (line,) = wait_for(lambda: self.scheduler.said("is the scheduler"), "the scheduler")
        self.url = line.split()[1]

    def start_workers(self, processes=2, **environment):
        words = ["worker", self.url, "--processes", str(processes)]
        self.workers = Process(words, self.folder, {**self.environment, **environment})
        wait_for(lambda: len(self.workers.said("folds for")) >= processes, "workers")
        return self

    def worker_processes(self):
        """Return the processes that fold, without the one that starts them anew."""
        return [one for one in self.workers.all()[1:] if "spawn_main" in " ".join(one.cmdline())]

    def end(self):
        for one in (self.workers, self.scheduler):
            if one is not None and one.process.poll() is None:
                one.end()


@contextmanager
def cluster(folder: Path, **environment: str) -> Iterator[Cluster]:
    """Yield a scheduler that listens with TLS on this machine, still without workers."""
    made = Cluster(folder, {"TALLY_TLS": str(make_certificates(folder / "tls")), **environment})
    try:
        yield made
    finally:
        made.end()
