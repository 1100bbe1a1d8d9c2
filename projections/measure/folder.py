"""Read a measure's folder: one that ships with the program, or one of the office's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.bounded import LARGE, read_bounded
from ledger.errors import TallyError
from ledger.message import Message, Series
from projections.measure.files import CASES, CLAUSES, LEFT_ASIDE, MEASURE
from projections.measure.loading import load_measure

if TYPE_CHECKING:
    from projections.measure.measure import Measure

SHIPPED = Path(__file__).parent.parent / "measures"
"""The folders of the measures that ship with the program, each named by its id."""

BUILT_IN = "qianlianghu-2016"
"""The measure under which a ledger without an adopted one is scored for 2016."""


class NotAMeasureError(TallyError):
    """There is no measure of that id, or no folder of one."""


def shipped() -> list[str]:
    """Return the ids of the measures that ship with the program."""
    return sorted(path.parent.name for path in SHIPPED.glob(f"*/{MEASURE}"))


def read_measure(id_or_folder: str | Path) -> dict[str, str]:
    """Return the content of a measure: texts by file name.

    Args:
        id_or_folder: the id of a measure that ships with the program, or a folder.

    Raises:
        NotAMeasureError: there is none, or a file cannot be read.
    """
    folder = Path(id_or_folder)
    if str(id_or_folder) in shipped():
        folder = SHIPPED / id_or_folder
    elif not (folder / MEASURE).is_file():
        raise NotAMeasureError(
            Message(
                "{given} is neither a folder with {file} nor one of {known}",
                given=str(id_or_folder),
                file=MEASURE,
                known=Series(shipped()),
            )
        )
    # What is of no measure is among them by its name, so that a check can say so.
    paths = _inside(folder)
    for name in (CLAUSES, CASES):
        if (folder / name).is_dir():
            paths.remove(folder / name.rstrip("/"))
            paths += _inside(folder / name)
    names = {path: path.relative_to(folder).as_posix() for path in sorted(paths)}
    return {f"{name}/" if path.is_dir() else name: _text(path) for path, name in names.items()}


def _inside(folder: Path) -> list[Path]:
    """Return what a folder holds, but for what editors leave beside files."""
    return [
        path
        for path in folder.iterdir()
        if not path.name.startswith((".", "~", "#")) and not path.name.endswith(LEFT_ASIDE)
    ]


def _text(path: Path) -> str:
    """Return the text of a file; bytes that are not UTF-8 are kept as lone surrogates."""
    if path.suffix not in (".toml", ".txt") or path.is_dir():
        return ""
    try:
        text = read_bounded(path, LARGE).decode("utf-8-sig", errors="surrogateescape")
        return text.replace("\r\n", "\n")
    except OSError as error:
        raise NotAMeasureError(
            Message("{path} cannot be read: {error}", path=path, error=error)
        ) from error


@cache
def built_in() -> Measure:
    """Return the measure of 2016."""
    return load_measure(read_measure(BUILT_IN))
