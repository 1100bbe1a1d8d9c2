"""Read a measure's folder: one that ships with the program, or one of the office's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.bounded import LARGE, read_bounded
from ledger.errors import TallyError
from ledger.message import Message, Series
from projections.measure.files import CASES, CLAUSES, MEASURE
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
    kinds = (".toml", ".txt")
    paths = [path for path in folder.iterdir() if path.suffix in kinds and not _ignored(path)]
    for name in (CLAUSES, CASES):
        paths += (path for path in (folder / name).glob("*.toml") if not _ignored(path))
    return {path.relative_to(folder).as_posix(): _text(path) for path in sorted(paths)}


def _ignored(path: Path) -> bool:
    return path.name.startswith((".", "~", "#"))


def _text(path: Path) -> str:
    try:
        return read_bounded(path, LARGE).decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise NotAMeasureError(
            Message("{path} cannot be read: {error}", path=path, error=error)
        ) from error


@cache
def built_in() -> Measure:
    """Return the measure of 2016."""
    return load_measure(read_measure(BUILT_IN))
