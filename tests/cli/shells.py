"""Ask the program as a shell does, and type into real shells on a terminal of their own."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import time

from tests.cli.running import ROOT, environment_with

BREAKS = " \t\n\"'><=;|&(:"
"""COMP_WORDBREAKS, as bash has it."""


def asked(line, *, url=None, folder=None, environment=()):
    """Return the values that bash is offered for a line; nothing else may be printed."""
    more = {"COMP_LINE": line, "COMP_BREAKS": BREAKS, "_TALLY_COMPLETE": "bash_complete"}
    more |= {} if url is None else {"TALLY_LEDGER": url}
    run = subprocess.run(
        [sys.executable, "-m", "cli.main"],
        cwd=folder,
        env=environment_with({**more, **dict(environment)}),
        capture_output=True,
        check=True,
    )
    assert run.stderr == b""
    return run.stdout.decode().split()


def environment(folder, url):
    """Return an environment in which shells find `tally`, and this ledger."""
    program = folder / "bin" / "tally"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m cli.main "$@"\n')
        program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    more = {"PATH": path, "TALLY_LEDGER": url, "HOME": str(folder), "TERM": "xterm"}
    return environment_with({**more, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"})


def script(shell, folder):
    """Write the script of a shell into a file; return its path."""
    path = folder / f"tally.{shell}"
    words = [sys.executable, "-m", "cli.main", "completion", shell]
    path.write_bytes(subprocess.check_output(words, env=environment_with()))
    return path


def typed(shell, first, keys, folder, url):
    """Type into a shell; press Tab where `keys` has it; return the line that came of it.

    Home and `echo` make a command of the line that prints it, as the shell understood it.
    """
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        shell,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment(folder, url),
        start_new_session=True,
    ) as process:
        os.close(theirs)
        _say(ours, f"{first}; echo re''ady\n", b"ready\r\n")
        for part in filter(None, re.split(r"(\t)", keys)):
            os.write(ours, part.encode())
            _quiet(ours)
        shown = _say(ours, "\x01echo '<'\x05'>'; exit\n", b">\r\n")
        process.wait(10)
    os.close(ours)
    return re.findall(rb"< ?(.*?) ?>\r\n", shown)[-1].decode()


def _say(terminal, keys, until):
    """Write keys; return what is printed until a text."""
    os.write(terminal, keys.encode())
    found, end = b"", time.monotonic() + 20
    while until not in found:
        assert time.monotonic() < end, found
        if select.select([terminal], [], [], 1)[0]:
            found += os.read(terminal, 65_536)
    return found


def _quiet(terminal):
    """Read what the shell prints, until it has been silent for a while."""
    patience = 5.0
    while select.select([terminal], [], [], patience)[0]:
        os.read(terminal, 65_536)
        patience = 0.3
