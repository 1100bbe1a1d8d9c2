"""Decode the text of a CSV file: UTF-8, GB 18030 or UTF-16."""

from __future__ import annotations

from ledger.message import Message

_OTHER_BYTES = 20
"""Bytes of UTF-16 among which one is zero at least: a table has delimiters and digits."""

_UTF_32 = b"\xff\xfe\0\0", b"\0\0\xfe\xff"


class EncodingError(ValueError):
    """A file is in another encoding; the message says what to do."""


def decoded(raw: bytes) -> str:
    """Return the text of a file.

    Raises:
        EncodingError: it is in another encoding.
    """
    if raw.startswith(_UTF_32):
        raise EncodingError(Message("is UTF-32; save it as CSV UTF-8"))
    has_mark = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings: tuple[str, ...] = ("utf-16",) if has_mark else ("utf-8-sig", "gb18030")
    zeros = raw[::2].count(0), raw[1::2].count(0)
    if not has_mark and sum(zeros) * _OTHER_BYTES > len(raw):
        # UTF-16 without its mark: delimiters and digits have a zero byte, after or before; only
        # few Chinese characters have one (一 is U+4E00).
        encodings = ("utf-16-le",) if zeros[1] > zeros[0] else ("utf-16-be",)
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise EncodingError(
                Message("has bytes that are zero, which no text has; export it again as CSV UTF-8")
            )
        return text
    raise EncodingError(Message("is neither UTF-8 nor GB 18030; save it as CSV UTF-8"))
