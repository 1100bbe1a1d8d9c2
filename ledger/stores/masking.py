"""Mask passwords in URLs, also in those that are refused, and in messages that quote them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from ledger.message import Message, Series

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "***"

# A host or an address in brackets, perhaps with a port: `db.town.cn:5432`, `[::1]`.
_HOST = r"(?:\[[^\]/?#@]*\]|[^\[\]:/?#@,\s]*)(?::[0-9]{1,5})?"
# All parts are certain: `postgresql://clerk:secret@db:5432/tally?schema=town`.
_WELL_FORMED = re.compile(
    r"(?P<scheme>postgres(?:ql)?://)(?:(?P<user>[^/?#@:：]*)(?P<password>:[^/?#@]*)?@)?"
    rf"(?P<rest>{_HOST}(?:,{_HOST})*(?:/[^/?#@]*)?(?:\?(?:[\w%]+=[^&]*(?:&(?=.)|$))*)?)",
    re.ASCII,
)
# What is before the user, also without slashes or scheme: `postgresql://`, `postgres:`, `//`.
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:(?=//)|postgres(?:ql)?:)?/*")
# A colon that begins no port, so a password may follow: `clerk:secret` without a host.
_NO_PORT = re.compile(r"^([^:/?#\[]*):(?![0-9]{0,5}(?:[/?#,]|$)).*", re.DOTALL)
# A parameter with its value, which may hold `&`: `?password=a&b`. libpq's have small letters.
_PARAMETER = re.compile(r"(?<=[?&])([^=&?]+)=([^&]*(?:&(?![a-z_]{3,}=)[^&]*)*)")
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

    In a `Message` the values alone are searched: its own words stay as they are, wherever a
    password ends. A URL ends at a blank here: mask one that may have a blank in it before it is
    quoted.
    """
    if isinstance(text, Message):
        values = {name: _masked_value(value) for name, value in text.values.items()}
        return Message(text.template, **values) if values else text
    masked = _QUOTED.sub(lambda found: mask_password(found.group()), text)
    return _CONNINFO.sub(rf"\1{MASK}", masked)


def mask_words(text: str, words: Iterable[str]) -> str:
    """Mask a message that quotes words of the command line, each of which is masked as a whole."""
    known: dict[str, str] = {}
    for word in words:
        for part in filter(None, (word, word.partition("=")[2])):
            masked = mask_password(part)
            if masked != part or MASK in part:
                # Quoted as it is, by `repr`, or masked already.
                known |= dict.fromkeys((part, repr(part)[1:-1], masked), masked)
    if not known:
        return mask_quoted(text)
    longest_first = sorted(known, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    return "".join(known[one] if one in known else mask_quoted(one) for one in pieces)


def _masked_value(value: Any) -> Any:
    """Return a value of a message with the passwords in it masked."""
    if isinstance(value, Series):
        return type(value)(map(_masked_value, value))
    if type(value) is str or isinstance(value, Message):
        return mask_quoted(value)
    if isinstance(value, BaseException) and value.args and isinstance(value.args[0], Message):
        return mask_quoted(value.args[0])
    masked = mask_quoted(text := str(value))
    return value if masked == text else masked


def _masked_parameter(found: re.Match[str]) -> str:
    secret = _SECRET.search(unquote_plus(found[1]).lower())
    return f"{found[1]}={MASK}" if secret else found.group()
