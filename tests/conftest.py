"""Tests read English, whatever the locale of who runs them; those of Chinese ask for it."""

from __future__ import annotations

import os

os.environ["TALLY_LANG"] = "en"
os.environ.pop("LANGUAGE", None)
os.environ.pop("TALLY_BY", None)
