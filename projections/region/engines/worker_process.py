"""A preload of Dask's workers: make the process ready to fold."""

from __future__ import annotations

import sys

from projections.region.code_hash import code_hash

_SWITCH = 0.05
"""Seconds that a fold keeps the interpreter while the worker's other thread waits for it."""


def dask_setup(worker: object) -> None:
    """Let the fold work undisturbed, and hash the code before there is something to fold."""
    del worker
    sys.setswitchinterval(_SWITCH)
    code_hash()
