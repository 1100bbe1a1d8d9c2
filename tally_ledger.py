"""Start `tally` from its own packages, whatever else on the path is called `cli` or `ledger`."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

_PACKAGES = ("ledger", "projections", "cli")


def main() -> Any:
    """Import the packages beside this file, then run `tally`."""
    here = str(Path(__file__).resolve().parent)
    for name in _PACKAGES:
        spec = PathFinder.find_spec(name, [here])
        assert spec is not None, f"{name} is not beside {__file__}"
        assert spec.loader is not None, f"{name} is a folder without code"
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    from cli.main import main as run  # noqa: PLC0415 - not before its package is known

    return run()
