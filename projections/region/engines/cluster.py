"""What all processes of a cluster agree on: where the scheduler is, certificates, settings."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from ledger.errors import TallyError
from ledger.loopback import is_loopback
from ledger.message import Message, Series

if TYPE_CHECKING:
    from distributed import Security

PORT = 8786
NO_WORKERS = 15
"""Seconds without any worker after which a chunk is given up."""
TLS = "TALLY_TLS"
"""The environment variable that names the folder of certificates."""
TLS_FILES = ("ca.crt", "tls.crt", "tls.key")
"""Named as Kubernetes names them: authority, certificate, its key; all PEM."""
SETTINGS = {
    # A chunk is tried on two workers: a killed one takes a chunk with it that is not to blame.
    "distributed.scheduler.allowed-failures": 1,
    "distributed.scheduler.no-workers-timeout": f"{NO_WORKERS} s",
    # A worker holds the chunk that it folds and no other, so that no more is lost with it.
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.work-stealing": False,
    # The rest is CPU: by default it is half of a fold's again.
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1 s",
    "distributed.admin.system-monitor.interval": "5 s",
    "distributed.admin.large-graph-warning-threshold": "1 GB",
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 64 << 20,
    "distributed.comm.timeouts.connect": "5 s",
}
"""Defaults of the engine; whoever sets them otherwise in Dask's own files or variables may."""


class ClusterError(TallyError):
    """The cluster is set up so that it must not or cannot run."""


class Address(NamedTuple):
    """Where a scheduler listens."""

    host: str
    port: int
    encrypted: bool

    @property
    def url(self) -> str:
        """Return it as Dask writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls' if self.encrypted else 'tcp'}://{host}:{self.port}"


def address_of(url: str) -> Address:
    """Return the parts of a scheduler's address.

    Raises:
        ClusterError: it is malformed, or leads to another machine without encryption.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in {"tls", "tcp"} or not host or parts.path.strip("/"):
        words = Message("{url} is not a scheduler's address; write tls://HOST:8786", url=url)
        raise ClusterError(words)
    address = Address(host, PORT if port is None else port, parts.scheme == "tls")
    _check(address)
    return address


def _check(address: Address) -> None:
    """Refuse an unencrypted address unless it is of this machine.

    A scheduler runs whatever it is sent, so it may be sent something by known programs alone.
    """
    if not address.encrypted and not is_loopback(address.host):
        words = Message(
            "{url} can be reached from other computers without encryption: whoever reaches it can "
            "run anything there. Set {variable} to the folder of certificates, and write tls:// "
            "(docs/province.md).",
            url=address.url,
            variable=TLS,
        )
        raise ClusterError(words)


def listening_address(host: str, port: int) -> Address:
    """Return where a scheduler shall listen: encrypted if there are certificates.

    Raises:
        ClusterError: other computers would reach it without encryption.
    """
    address = Address(host, port, TLS in os.environ)
    _check(address)
    return address


def security_of(address: Address) -> Security | None:
    """Return the certificates that both sides show, each to the other; None without encryption.

    Raises:
        ClusterError: the folder of certificates is not named, or lacks a file, or one is no use.
    """
    if not address.encrypted:
        return None
    if not os.environ.get(TLS):
        words = Message(
            "{url} needs certificates: set {variable} to the folder that has {files} "
            "(docs/province.md).",
            url=address.url,
            variable=TLS,
            files=Series(TLS_FILES),
        )
        raise ClusterError(words)
    from distributed import Security  # noqa: PLC0415 - takes half a second

    ca, cert, key = (str(Path(os.environ[TLS]) / name) for name in TLS_FILES)
    try:
        ssl.create_default_context(cafile=ca).load_cert_chain(cert, key)
    except OSError as error:
        words = Message(
            "the certificates in {folder} cannot be used: {why}. {variable} names the folder that "
            "has {files}, all PEM (docs/province.md).",
            folder=os.environ[TLS],
            why=error.strerror or str(error),
            variable=TLS,
            files=Series(TLS_FILES),
        )
        raise ClusterError(words) from None
    roles = ("client", "scheduler", "worker")
    certs = {f"tls_{role}_cert": cert for role in roles} | {
        f"tls_{role}_key": key for role in roles
    }
    return Security(
        require_encryption=True, tls_ca_file=ca, tls_min_version=ssl.TLSVersion.TLSv1_3, **certs
    )


def configure() -> None:
    """Make the engine's settings Dask's defaults in this process.

    Raises:
        ClusterError: Dask is not installed.
    """
    os.environ.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")  # also of workers
    try:
        import dask.config  # noqa: PLC0415 - takes half a second
        import distributed  # noqa: F401, PLC0415 - its own defaults come first
    except ImportError as error:
        words = Message(
            "a scheduler needs more libraries ({error}); run `pip install '.[region]'` in tally's "
            "source folder",
            error=error,
        )
        raise ClusterError(words) from None
    defaults: dict[str, object] = {}
    dask.config.set(SETTINGS, config=defaults)  # nested, by the dots
    dask.config.update_defaults(defaults)
