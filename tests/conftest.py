"""Tests expect English whatever the locale; tests of the Chinese set TALLY_LANG."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from cli.language.chinese import learn
from ledger.integrity import account_keys
from tests.browsing import browser, opened

__all__ = ["browser", "opened"]

os.environ["TALLY_LANG"] = "en"
os.environ.pop("LANGUAGE", None)
os.environ.pop("TALLY_BY", None)
# Each process of a test would compile all sources anew, which takes longer than most commands.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY = Path("/dev/shm")
ROOM = 1 << 30
"""Bytes that must be free in memory for the temporary files of a run; half would do."""


def _memory_serves():
    """Return whether temporary files may be in memory: there is much, and programs start there."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return False
    return shutil.disk_usage(MEMORY).free > ROOM and not (os.statvfs(MEMORY).f_flag & os.ST_NOEXEC)


# The tests append thousands of times and ask nothing about a loss of power: on a disk they would
# wait for `fsync`.
if _memory_serves():
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# A key is made of the same passphrase and salt for the accounts of every copy of a ledger. It takes
# a tenth of a second, as it should; each test process makes it once.
account_keys._stretched = cache(account_keys._stretched)


def pytest_collection_finish():
    """Keep the garbage collector from looking through the tests themselves again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _words_of_no_measure():
    """Forget the words of the measure that a test before had open in this process."""
    learn({})


@pytest.fixture(autouse=True, scope="session")
def _folders_of_no_user(tmp_path_factory):
    """Keep what the program keeps of its own away from the folders of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        yield
