"""Tests expect English whatever the locale; tests of the Chinese set TALLY_LANG."""

from __future__ import annotations

import os

import pytest

from cli.language.chinese import learn

os.environ["TALLY_LANG"] = "en"
os.environ.pop("LANGUAGE", None)
os.environ.pop("TALLY_BY", None)
# Each process of a test would compile all sources anew, which takes longer than most commands.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.fixture(autouse=True)
def _words_of_no_measure():
    """Forget the words of the measure that a test before had open in this process."""
    learn({})
