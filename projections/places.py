"""Places of sorted values."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

Key = TypeVar("Key", bound="Hashable")


def places(ordered: Iterable[Key]) -> dict[Key, int]:
    """Return the place of each of some sorted values, from 1; ties share one (1, 2, 2, 4)."""
    return {key: place for place, key in reversed([*enumerate(ordered, 1)])}
