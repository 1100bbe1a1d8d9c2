r"""Prepare the standard streams: what an encoding lacks is written as `\U…`, or read as bytes."""

from __future__ import annotations

import codecs
import sys
from io import TextIOWrapper

_ASCII, _OWN_ASCII = "ascii", "tally_ascii"
"""The codec, and its second name: to a stream that calls itself ASCII click writes UTF-8."""


def prepare_streams() -> None:
    r"""Let tables, helps and errors write `\U0002c1f9` for a character that the locale lacks.

    Nothing is lost, and whoever prints it does it in the same way. An answer in another encoding
    is no answer.
    """
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            name = codecs.lookup(stream.encoding).name
            if name == _ASCII:
                codecs.register(_own_ascii)
                name = _OWN_ASCII
            stream.reconfigure(encoding=name, errors="backslashreplace")


def _own_ascii(name: str) -> codecs.CodecInfo | None:
    if name != _OWN_ASCII:
        return None
    found = codecs.lookup(_ASCII)
    return codecs.CodecInfo(
        found.encode,
        found.decode,
        incrementalencoder=found.incrementalencoder,
        incrementaldecoder=found.incrementaldecoder,
        name=_OWN_ASCII,
    )
