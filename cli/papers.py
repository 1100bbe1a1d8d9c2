"""Keep the files that commands name as papers; write papers into files."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from cli.workbooks.cells import CellError, pairs
from cli.workbooks.words import items
from ledger.errors import EntriesRefusedError, FolderMissingError, Refusal
from ledger.evidence import EvidenceError, Papers, opened
from ledger.fields import Name
from ledger.message import Message
from ledger.messages import checked_text
from ledger.stores.parts import part_of, put_in_place, remove_leftovers, remove_part

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = "@"
"""Before the name of a file to keep, among values of `--evidence`."""


def kept_papers(url: str, files: Iterable[Path]) -> list[dict[str, str]]:
    """Keep files as papers of the ledger at a URL; return them as `evidence` of an entry.

    Raises:
        EntriesRefusedError: the name of a file cannot stand in the ledger; nothing was kept.
        EvidenceError: a file cannot be read or kept.
    """
    named = [(path, paper_name(path.name)) for path in files]
    papers, found = Papers(url), []
    for path, name in named:
        try:
            source = opened(path)
        except OSError as error:
            raise EvidenceError(
                Message("{path} cannot be read: {why}", path=path, why=error.strerror or error)
            ) from None
        with closing(source):
            found.append({"name": name, "sha256": papers.add(source, str(path))})
    return found


def paper_name(file: str) -> str:
    """Return the name of a file as the name of a paper.

    Raises:
        EntriesRefusedError: it cannot stand in the ledger.
    """
    name, digest = checked_text(Name, file, "evidence"), "0" * 64
    try:
        given = pairs(items(f"{name}={digest}"), "evidence")
    except CellError:
        given = []
    if given != [{"name": name, "sha256": digest}]:
        words = Message(
            "the name {name!r} cannot be written as NAME=SHA-256; rename the file, without = , ; "
            "and the like",
            name=name,
        )
        raise EntriesRefusedError([Refusal(words, "evidence")])
    return name


def with_papers(url: str, given: Iterable[str]) -> tuple[str, ...]:
    """Return values of `--evidence`, with `@FILE` kept and written as NAME=SHA-256.

    Raises what `kept_papers` does.
    """
    given = list(given)
    files = [Path(one.removeprefix(_FILE)) for one in given if one.startswith(_FILE)]
    kept = iter(kept_papers(url, files))
    return tuple(
        "{name}={sha256}".format(**next(kept)) if one.startswith(_FILE) else one for one in given
    )


def write_paper(url: str, digest: str, file: Path) -> None:
    """Write a paper into a new file, if it is whole.

    Raises:
        EvidenceError: it is not there or damaged, or the file exists or cannot be written.
        FolderMissingError: the folder of the file does not exist.
    """
    papers = Papers(url)
    exists = Message("{file} exists already; name a new file", file=file)
    if file.exists() or file.is_symlink():
        raise EvidenceError(exists)
    if not file.parent.is_dir():
        raise FolderMissingError(file, file.parent)
    try:
        remove_leftovers(file)
        with part_of(file).open("xb") as target:
            papers.copy(digest, target)
        put_in_place(file)
    except FileExistsError:
        raise EvidenceError(exists) from None
    except OSError as error:
        raise EvidenceError(
            Message("{file} cannot be written: {error}", file=file, error=error)
        ) from error
    finally:
        remove_part(file)
