"""Skeletons of names (UTS 39): texts that look the same have the same one."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from ledger.characters import composed, name_key, without_hidden


@cache
def _prototypes() -> dict[int, str]:
    """Return what a character looks like, by code point, from `lookalikes.txt`."""
    text = Path(__file__).with_name("lookalikes.txt").read_text(encoding="utf-8")
    found: dict[int, str] = {}
    for line in text.splitlines():
        prototype, _, characters = line.partition(" ")
        if prototype != "#":
            found |= dict.fromkeys(map(ord, characters), prototype)
    return found


def _plain(text: str) -> str:
    return "".join(composed(without_hidden(text)).split())


def skeleton(text: str) -> str:
    """Return one key for all texts that look like this one in small letters."""
    return _plain(text).casefold().translate(_prototypes()).casefold()


def unit_key(name: str) -> str:
    """Return what names and ids of units share that look alike or mean one unit."""
    return skeleton(name_key(name))


@lru_cache(4_096)
def skeletons(text: str) -> frozenset[str]:
    """Return the skeletons of a text, as it is written and in small letters.

    Width, case, spaces and what cannot be seen make no difference. Two texts look the same if
    they share a skeleton: I and l do, and so do I and i.
    """
    plain = _plain(text)
    return frozenset(one.translate(_prototypes()).casefold() for one in (plain, plain.casefold()))


def lookalike(text: str) -> tuple[str, str] | None:
    """Return the first character of a text that looks like a plainer one, and that; or None."""
    if text.isascii():
        return None
    table = _prototypes()
    return next(
        ((ch, table[ord(ch)]) for ch in text if not ch.isascii() and ord(ch) in table), None
    )
