"""Say why a stored state cannot be read, without the sentences of libraries."""

from __future__ import annotations

import re

import msgspec

from ledger.message import Message, message_of

_PATH = re.compile(r" - at `\$\.?(.*)`$")


def why_unreadable(error: Exception) -> str:
    """Return the cause of an error of `codec.UNREADABLE`: our own words, or where the fault is."""
    own = message_of(error.__cause__ or error)  # msgspec raises its error from that of a rule
    if isinstance(own, Message):
        return own
    if isinstance(error, msgspec.ValidationError):
        path = _PATH.search(str(error))
        return _wrong(path[1] if path else "")
    errors = getattr(error, "errors", None)
    if callable(errors):  # pydantic's, which is not imported for this
        first = errors(include_url=False, include_input=False)[0]
        rule = first.get("ctx", {}).get("error")
        own = message_of(rule) if isinstance(rule, Exception) else ""
        return own if isinstance(own, Message) else _wrong(".".join(map(str, first["loc"])))
    if isinstance(error, msgspec.MsgspecError | ValueError):
        return Message("it is not valid JSON")
    return _wrong("")


def _wrong(field: str) -> Message:
    if not field:
        return Message("its form is not the one that this program writes")
    return Message("{field} is not what it must be", field=field)
