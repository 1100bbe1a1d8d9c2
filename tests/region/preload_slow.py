"""A preload of test workers: fold slowly, and die of some towns."""

import os
import signal
import time

from projections.region import folding

_FOLD = folding._fold
_SLOW = float(os.environ.get("TEST_SECONDS_A_TOWN", "0"))
_KILLER = os.environ.get("TEST_KILLER", "")


def _fold(task):
    if task.town == _KILLER:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(_SLOW)
    with open(os.environ["TEST_FOLDED"], "a") as file:  # noqa: PTH123
        file.write(f"{os.getpid()} {task.town}\n")
    return _FOLD(task)


def dask_setup(worker):
    del worker
    folding._fold = _fold
