"""Tests expect English whatever the locale; tests of the Chinese set TALLY_LANG."""

from __future__ import annotations

import os

os.environ["TALLY_LANG"] = "en"
os.environ.pop("LANGUAGE", None)
os.environ.pop("TALLY_BY", None)
