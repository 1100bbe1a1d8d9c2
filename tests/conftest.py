"""Tests expect English whatever the locale; tests of the Chinese set TALLY_LANG."""

from __future__ import annotations

import os

import pytest

from cli.language.chinese import learn
from tests.browsing import browser, opened

__all__ = ["browser", "opened"]

os.environ["TALLY_LANG"] = "en"
os.environ.pop("LANGUAGE", None)
os.environ.pop("TALLY_BY", None)
# Each process of a test would compile all sources anew, which takes longer than most commands.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


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
