"""Run `tally desk` in a process of its own, in which it is the day that a file names."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from cli.desk.work import Desk
from cli.main import main

if __name__ == "__main__":
    _day = Path(sys.argv.pop(1))
    Desk.today = property(lambda _: date.fromisoformat(_day.read_text().strip()))  # type: ignore[method-assign]
    main()
