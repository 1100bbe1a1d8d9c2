"""Run `tally` in tests: in this process, or in a process of its own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.util import find_spec
from io import BytesIO, StringIO, TextIOWrapper
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

from cli.commands.init import make_ledger
from cli.main import main
from ledger.application import Ledger
from ledger.stores import open_store
from projections.adopted import Measures
from tests.support import adopt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[2]
COLUMNS = "80"


@dataclass(frozen=True)
class Run:
    """Exit status and output of a command."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON value."""
        return json.loads(self.out)

    def ok(self) -> Run:
        """Return the run; its status must be 0."""
        assert self.status == 0, f"{self.status}: {self.err}\n{self.out}"
        return self

    def refused(self) -> Run:
        """Return the run; its status must be 1, with a message on standard error."""
        assert self.status == 1, f"{self.status}: {self.err}\n{self.out}"
        assert self.err.startswith("tally: "), self.err
        assert "Traceback" not in self.err
        return self

    def misused(self) -> Run:
        """Return the run; its status must be 2, wrong usage."""
        assert self.status == 2, f"{self.status}: {self.err}\n{self.out}"
        assert "Traceback" not in self.err
        return self


class Tally:
    """`tally` on one ledger, a SQLite file in a folder."""

    def __init__(self, folder: Path, path: Path | None = None) -> None:
        self.folder = folder
        self.path = path or folder / "tally.db"
        self.url = f"sqlite:///{self.path}"
        self._read: dict[tuple[object, ...], Run] = {}

    def founded(self, at: datetime = datetime(2015, 12, 1, tzinfo=UTC)) -> Tally:
        """Make the ledger as `tally init` does, at a time of the clock; return this."""
        make_ledger(self.url, clock=lambda: at, trust_clock=True)
        return self

    def adopt(self, *years: int) -> None:
        """Adopt the program's own measure for years, verified, at the time of the last event."""
        with closing(open_store(self.url)) as store:
            clock = lambda: datetime(2015, 12, 1, tzinfo=UTC)  # noqa: E731
            adopt(Ledger(store, Measures, clock, trust_clock=True), *years)

    def copy(self, folder: Path) -> Self:
        """Return `tally` on a copy of the ledger, faster than recording its entries again."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return type(self)(folder, folder / self.path.relative_to(self.folder))

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Run:
        """Run a command in this process."""
        return _run(self.url, *arguments, stdin=stdin)

    def file(self, name: str, *lines: dict[str, Any] | str | bytes) -> Path:
        """Write a file of these lines into the folder; return its path."""
        path = self.folder / name
        path.write_bytes(b"".join(_line(line) for line in lines))
        return path

    def take_in(self, *entries: dict[str, Any], verify_by: str | None = "head") -> dict[str, int]:
        """Import entries, verified by `verify_by`; return the receipt."""
        path = self.file("entries.jsonl", *entries)
        more = [] if verify_by is None else ["--verify-by", verify_by]
        receipt: dict[str, int] = self("import", path, "--by", "clerk", *more, "--json").ok().json
        return receipt

    def publish(self, *words: object) -> None:
        """Publish a bulletin and verify it, so that the edition is in force."""
        self("publish", *words, "--by", "office").ok()
        self("verify", words[0], "--by", "head").ok()

    def reading(self, *arguments: object) -> Run:
        """Run a command, or return its earlier run: for ledgers that tests only read."""
        if arguments not in self._read:
            self._read[arguments] = self(*arguments)
        return self._read[arguments]

    @property
    def position(self) -> int:
        """Position of the last event, read without the program."""
        return len(self.rows())

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the row of every stored event, read without the program."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return connection.execute("SELECT * FROM stored_events ORDER BY position").fetchall()
        finally:
            connection.close()

    def stored(self) -> tuple[list[tuple[Any, ...]], bytes]:
        """Return the rows of the table and the bytes of the file."""
        return self.rows(), self.path.read_bytes()


def _line(line: dict[str, Any] | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line + b"\n"
    text = line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)
    return text.encode() + b"\n"


def _run(url: str, *arguments: object, stdin: bytes = b"") -> Run:
    out, err = StringIO(newline=""), StringIO(newline="")
    with (
        mock.patch.dict(os.environ, {"TALLY_LEDGER": url, "COLUMNS": COLUMNS}),
        # click takes the program's name from these two.
        mock.patch.object(sys.modules["__main__"], "__package__", None),
        mock.patch.object(sys, "argv", ["tally"]),
        mock.patch.object(sys, "stdin", TextIOWrapper(BytesIO(stdin), "utf-8")),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main([str(argument) for argument in arguments])
            status: Any = 0
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int), status
    run = Run(status, out.getvalue(), err.getvalue())
    _hold_to_schema(run, [str(argument) for argument in arguments])
    return run


def _hold_to_schema(run: Run, words: list[str]) -> None:
    """Fail if a command printed JSON that `tally schema` does not describe."""
    as_json = "--json" in words or ("--format", "json") in pairwise(words)
    # `test_schemas` fails where the library is not installed.
    if not (as_json and run.out and run.status in {0, 1} and find_spec("jsonschema_rs")):
        return
    from cli.schemas import NAMES  # noqa: PLC0415 - as above
    from tests.schemas import assert_valid  # noqa: PLC0415

    name = " ".join(words[: 2 if words[0] in {"measure", "account", "evidence", "region"} else 1])
    if name in NAMES:
        found = run.json
        refused = isinstance(found, dict) and "errors" in found
        assert_valid("errors" if refused else name, found)


@cache
def helped(*command: str) -> str:
    """Return the help of a command, 80 columns wide."""
    return _run("", *command, "--help").ok().out


def examples(*command: str) -> list[list[str]]:
    """Return the words after `tally` of each example in the help of a command."""
    _, _, text = helped(*command).partition("Example:\n")
    lines = text.replace("\\\n", " ").splitlines()
    found = [shlex.split(line) for line in lines if line.strip()]
    assert found, f"{command} has no example"
    assert all(words[0] == "tally" for words in found), found
    return [words[1 : words.index(">") if ">" in words else None] for words in found]


def environment_with(more: Iterable[tuple[str, str]] | Mapping[str, str] = ()) -> dict[str, str]:
    """Return the environment of a process of the program, without what ours sets for it."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"TALLY_LEDGER", "COLUMNS", "PYTHONWARNINGS"}
    }
    return {**inherited, "PYTHONPATH": str(ROOT), **dict(more)}


def process(
    *arguments: object,
    folder: Path,
    url: str | None = None,
    stdin: bytes = b"",
    environment: Iterable[tuple[str, str]] = (),
) -> Run:
    """Run a command in a process of its own, in a folder."""
    if url is not None:
        environment = {**dict(environment), "TALLY_LEDGER": url}
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        cwd=folder,
        env=environment_with(environment),
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def raw(
    *arguments: str | bytes,
    folder: Path,
    environment: Iterable[tuple[str, str]] | Mapping[str, str] = (),
    shell: str | None = None,
    **more: Any,
) -> subprocess.CompletedProcess[bytes]:
    """Run `tally` in its own process, through `sh` if redirections are given; return it."""
    command = [sys.executable, "-m", "cli.main", *arguments]
    if shell is not None:
        command = ["sh", "-c", f'exec "$@" {shell}', "sh", *command]
    env = environment_with(environment)
    return subprocess.run(command, cwd=folder, env=env, check=False, timeout=60, **more)
