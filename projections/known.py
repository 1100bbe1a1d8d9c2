"""A function's values by argument, for what is asked for each of many entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Known(dict[_Key, _Value]):
    """Values of a function, each computed when it is first asked for.

    Looking one up takes half the time of a call of `functools.cache`.
    """

    def __init__(self, compute: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> _Value:
        found = self[key] = self._compute(key)
        return found
