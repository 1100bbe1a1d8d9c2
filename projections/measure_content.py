"""The content of a measure: the texts of its files, from the program's own or from a folder."""

from __future__ import annotations

from pathlib import Path

from ledger.errors import TallyError
from ledger.message import Message
from projections.rulebook import Rulebook, UnsoundRulebookError, build
from projections.rulebook.loading import CLAUSES, MEASURE, ORDER

BUILTIN = "qianlianghu-2016"
"""The id of the program's own measure."""

_SUFFIXES = {".toml", ".txt"}


class MeasureMissingError(TallyError):
    """What was named is neither a measure of the program nor a folder with one."""

    def __init__(self, named: str) -> None:
        super().__init__(
            Message(
                "{named} is neither a measure of the program ({known}) nor a folder with a file "
                "measure.toml",
                named=named,
                known=BUILTIN,
            )
        )


def id_of(named: str) -> str:
    """Return the id of a measure that is named by its id or by a folder."""
    return named if named == BUILTIN else Path(named).resolve().name


def content_of(named: str) -> dict[str, str]:
    """Return the texts of a measure's files, by name relative to its folder.

    Args:
        named: the id of a measure of the program, or a folder.

    Raises:
        MeasureMissingError: there is no such measure.
        UnsoundRulebookError: a file cannot be read, or is not UTF-8.
    """
    if named == BUILTIN:
        files = {
            "measure.toml": MEASURE,
            **{f"clauses/{one}.toml": CLAUSES / f"{one}.toml" for one in ORDER},
        }
        files["text.txt"] = MEASURE.parent / "regulation.txt"
        files["sentences.toml"] = MEASURE.parent / "sentences.toml"
    else:
        folder = Path(named)
        if not (folder / "measure.toml").is_file():
            raise MeasureMissingError(named)
        found = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
        files = {path.relative_to(folder).as_posix(): path for path in found}
    return {name: _text(name, path) for name, path in files.items()}


def _text(name: str, path: Path) -> str:
    """Return the text of a file, with line ends as in the canonical content."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnsoundRulebookError(name, Message("cannot be read: {error}", error=error)) from None


def rulebook_of(content: dict[str, str]) -> Rulebook:
    """Return the rulebook that a content states.

    Raises:
        UnsoundRulebookError: a file is missing or contradicts itself.
    """
    needed = {name: f"clauses/{name}.toml" for name in ORDER}
    for name in ("measure.toml", *needed.values()):
        if name not in content:
            raise UnsoundRulebookError(name, Message("is missing"))
    return build({name: content[file] for name, file in needed.items()}, content["measure.toml"])
