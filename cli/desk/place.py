"""Where browsers reach the desk: this machine, the office's network by TLS, or behind a proxy."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from cli.options import OptionError
from cli.pages.app import LOOPBACK
from ledger.loopback import is_loopback
from ledger.message import Message

if TYPE_CHECKING:
    from pathlib import Path


class Place(NamedTuple):
    """Where browsers reach the desk."""

    hosts: frozenset[str]
    secure: bool
    """True if browsers reach it by https alone."""
    prefix: str = ""
    """Prefix of the path: `/tally`."""
    origin: str = ""
    """Of the pages behind a proxy: `https://office.example`."""


def place_of(host: str, cert: Path | None, key: Path | None, behind: str | None) -> Place:
    """Return the place that the options of `tally desk` mean.

    Args:
        host: the address to listen on.
        cert: a certificate, in PEM with those that it was issued by.
        key: its private key in PEM.
        behind: the address of the desk behind a proxy, as browsers write it.

    Raises:
        OptionError: an option is malformed, or passphrases would cross a network in the clear.
    """
    if (cert is None) != (key is None):
        raise OptionError("--cert", Message("--cert and --key go together"))
    if behind is not None:
        if cert is not None:
            words = Message("the proxy has the certificate; give --behind without --cert and --key")
            raise OptionError("--behind", words)
        return _behind(behind)
    if cert is not None and key is not None:
        return Place(frozenset({host.casefold(), *_names(cert, key)}) | LOOPBACK, secure=True)
    if not is_loopback(host):
        words = Message(
            "{host} can be reached from other machines: give a certificate with --cert and --key, "
            "or the address of a proxy that has one with --behind https://…",
            host=host,
        )
        raise OptionError("--host", words)
    return Place(LOOPBACK | {host.casefold()}, secure=False)


def _behind(address: str) -> Place:
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        words = Message("write it as https://office.example or https://office.example/tally")
        raise OptionError("--behind", words)
    origin = f"https://{parts.netloc.casefold()}"
    hosts = LOOPBACK | {parts.hostname.casefold()}
    return Place(hosts, secure=True, prefix=parts.path.rstrip("/"), origin=origin)


def _names(cert: Path, key: Path) -> list[str]:
    """Return the names and addresses of a certificate (RFC 5280 §4.2.1.6), once it fits its key.

    Raises:
        OptionError: the files cannot be read, or do not belong together.
    """
    from cryptography import x509  # noqa: PLC0415 - only with a certificate

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
        found = x509.load_pem_x509_certificates(cert.read_bytes())[0]
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        raise OptionError("--cert", Message("{file}: {why}", file=cert, why=why)) from None
    except x509.ExtensionNotFound:
        words = Message("{file} names no host (subjectAltName), which browsers ask for", file=cert)
        raise OptionError("--cert", words) from None
    hosts = names.get_values_for_type(x509.DNSName)
    return [*map(str.casefold, hosts), *map(str, names.get_values_for_type(x509.IPAddress))]
