"""Mask passwords in URLs, also in those that are refused, and in messages that quote them."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

MASK = "***"

# A host or an address in brackets, perhaps with a port: `db.town.cn:5432`, `[::1]`.
_HOST = r"(?:\[[^\]/?#@]*\]|[^\[\]:/?#@,]*)(?::[0-9]{0,5})?"
# All parts are certain: `postgresql://clerk:secret@db:5432/tally?schema=town`.
_WELL_FORMED = re.compile(
    r"(?P<scheme>postgres(?:ql)?://)(?:(?P<user>[^/?#@:：]*)(?P<password>:[^/?#@]*)?@)?"
    rf"(?P<rest>{_HOST}(?:,{_HOST})*(?:/[^/?#@]*)?(?:\?(?:[\w%]+=[^&]*(?:&(?=.)|$))*)?)",
    re.ASCII,
)
# What is before the user, also without slashes or scheme: `postgresql://`, `postgres:`, `//`.
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?=/)|postgres(?:ql)?:)?/*")
# A colon that begins no port, so a password may follow: `clerk:secret` without a host.
_NO_PORT = re.compile(r"^([^:/?#\[]*):(?![0-9]{0,5}(?:[/?#,]|$)).*", re.DOTALL)
# A parameter with its value, which may hold `&`: `?password=a&b`.
_PARAMETER = re.compile(r"(?<=[?&])([^=&?]+)=([^&]*(?:&(?![\w%]+=)[^&]*)*)")
# A password as libpq's keywords and values have it: `password='a b'`.
_CONNINFO = re.compile(r"(password\s*=\s*)('(?:[^'\\]|\\.)*'?|[^\s&'*][^\s&]*)", re.IGNORECASE)
# Names of parameters whose values are not shown; `sslkey` names a file, but nobody misses it.
_SECRET = re.compile("pass|pwd|secret|token|key$")
_COLON = re.compile("[:：]")
# A URL within another text, as in the path of a SQLite file.
_WITHIN = re.compile(r"(?<=[:/])[A-Za-z][A-Za-z0-9+.-]*://.*@.*", re.DOTALL)
# A URL within a message: `could not reach postgresql://clerk:secret@db/tally`.
_QUOTED = re.compile(r"(?:postgres(?:ql)?:|[A-Za-z][A-Za-z0-9+.-]*://(?=[^\s/]*@))\S+")


def is_well_formed(url: str) -> bool:
    """Return whether it is certain which part of a PostgreSQL URL is the password."""
    return _WELL_FORMED.fullmatch(url) is not None


def mask_password(url: str) -> str:
    """Replace the password in a URL by `***`; of a malformed URL, all that may be part of it."""
    if re.match(r"sqlite:(?!//[^/])", url):
        # A path, which may have any character: only a URL within it is taken for one.
        return _WITHIN.sub(lambda found: mask_password(found.group()), url)
    found = _WELL_FORMED.fullmatch(url)
    if found is not None:
        user, password = found["user"], found["password"]
        access = "" if user is None else f"{user}{'' if password is None else f':{MASK}'}@"
        masked = f"{found['scheme']}{access}{found['rest']}"
    else:
        start = _SCHEME.match(url)
        scheme = "" if start is None else start.group()
        access, at, rest = url[len(scheme) :].rpartition("@")
        user, colon = _COLON.split(access, maxsplit=1)[0], _COLON.search(access)
        if at and scheme.endswith(":"):
            masked = f"{scheme}{MASK}@{rest}"  # a user called postgres, or a URL without slashes
        elif colon:
            masked = f"{scheme}{user}:{MASK}@{rest}"
        elif at or not scheme:
            masked = url
        else:
            masked = scheme + _NO_PORT.sub(rf"\1:{MASK}", rest)
    return _CONNINFO.sub(rf"\1{MASK}", _PARAMETER.sub(_masked_parameter, masked))


def mask_quoted(text: str) -> str:
    """Mask the passwords of all URLs and connection strings that a message quotes.

    A URL ends at a blank here: mask one that may have a blank in it before it is quoted.
    """
    masked = _QUOTED.sub(lambda found: mask_password(found.group()), text)
    return _CONNINFO.sub(rf"\1{MASK}", masked)


def _masked_parameter(found: re.Match[str]) -> str:
    secret = _SECRET.search(unquote_plus(found[1]).lower())
    return f"{found[1]}={MASK}" if secret else found.group()
