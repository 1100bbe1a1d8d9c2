"""Progress bars: shown on a terminal for what takes long, and nowhere else."""

from __future__ import annotations

import io
import os
import pty
import re
import sys
import time
from contextlib import redirect_stderr

import pytest

from cli import progress
from cli.progress import advancing, bars, waiting
from ledger.progress import progress_shown_by, with_progress
from tests.cli.running import ROOT, process


class Screen(io.StringIO):
    """A terminal that keeps all that was written to it."""

    def isatty(self):
        return True


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    return Screen()


@pytest.fixture
def no_delay(monkeypatch):
    """Show bars at once."""
    for name in ("LONG", "_SURE", "_OFTEN"):
        monkeypatch.setattr(progress, name, 0.0)


def iterate(items, total=None):
    """Return the items, iterated over with progress."""
    return list(with_progress(items, "iterating", lambda: len(items) if total is None else total))


@pytest.mark.usefixtures("no_delay")
def test_shows_a_bar_and_erases_it_at_the_end(screen):
    with redirect_stderr(screen), bars():
        assert iterate(range(50)) == list(range(50))
    shown = screen.getvalue()
    assert "iterating" in shown
    assert re.search(r"\d+%", shown)
    # The line of the bar is erased, and the cursor visible again.
    assert shown.rindex("\x1b[2K") > shown.rindex("iterating")
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")


def test_shows_no_bar_for_a_short_iteration(screen):
    with redirect_stderr(screen), bars():
        iterate(range(1000))
    assert screen.getvalue() == ""


def test_shows_a_bar_early_if_the_iteration_will_be_long(screen, monkeypatch):
    """Of 1,000 items of 20 ms each, the bar is shown within seconds, not after 20."""
    monkeypatch.setattr(progress, "_SURE", 0.05)
    begun = time.monotonic()
    with redirect_stderr(screen), bars():
        for _ in with_progress(range(1000), "iterating", lambda: 1000):
            time.sleep(0.02)
            if screen.getvalue():
                break
    assert time.monotonic() - begun < 5
    assert "iterating" in screen.getvalue()


@pytest.mark.usefixtures("no_delay")
def test_shows_nothing_without_a_terminal():
    plain = io.StringIO()
    items = [1, 2, 3]
    with redirect_stderr(plain), bars(), waiting("waiting"):
        assert with_progress(items, "iterating", lambda: 3) is items
        time.sleep(0.05)
    assert plain.getvalue() == ""


@pytest.mark.usefixtures("no_delay")
def test_shows_nothing_outside_of_a_command(screen):
    items = [1, 2, 3]
    assert with_progress(items, "iterating", lambda: 3) is items
    with redirect_stderr(screen), bars(), progress_shown_by(None):
        assert with_progress(items, "iterating", lambda: 3) is items
    assert screen.getvalue() == ""


@pytest.mark.usefixtures("no_delay")
@pytest.mark.parametrize("total", [0, -5, 2, None, "many"])
def test_a_wrong_total_does_not_stop_the_iteration(screen, total):
    with redirect_stderr(screen), bars():
        assert list(with_progress(range(9), "iterating", lambda: total)) == list(range(9))
    assert "iterating" in screen.getvalue()


@pytest.mark.usefixtures("no_delay")
def test_an_interrupted_iteration_leaves_no_bar(screen):
    def broken():
        yield from range(9)
        raise OSError("disk")

    with redirect_stderr(screen), bars():
        with pytest.raises(OSError, match="disk"):
            list(with_progress(broken(), "iterating", lambda: 99))
        assert screen.getvalue().rindex("\x1b[2K") > screen.getvalue().rindex("iterating")
        for _ in with_progress(range(9), "iterating", lambda: 9):
            break
    assert progress._DISPLAY._progress is None


def test_shows_a_wait_until_it_is_over(screen, monkeypatch):
    monkeypatch.setattr(progress, "LONG", 0.05)
    ends = time.monotonic() + 20
    with redirect_stderr(screen), waiting("scoring"):
        while "scoring" not in screen.getvalue() and time.monotonic() < ends:
            time.sleep(0.01)
    assert "scoring" in screen.getvalue()
    assert progress._DISPLAY._progress is None
    monkeypatch.setattr(progress, "LONG", 60)
    before = screen.getvalue()
    with redirect_stderr(screen), waiting("packing"):
        pass
    assert screen.getvalue() == before


@pytest.mark.usefixtures("no_delay")
@pytest.mark.parametrize("total", [0, 60, 10**6])
def test_shows_a_bar_that_is_advanced_beside_an_iteration(screen, total):
    """As when an import reads a file while the ledger is replayed; the total may be wrong."""
    with redirect_stderr(screen), bars(), advancing("reading", total) as advance:
        for _ in range(30):
            advance(2)
            time.sleep(0.002)
        assert iterate(range(50)) == list(range(50))
        advance(10**6)
    shown = screen.getvalue()
    assert "reading" in shown
    assert "iterating" in shown
    assert progress._DISPLAY._progress is None


def test_makes_no_bar_without_a_terminal():
    with advancing("reading", 10) as advance:
        advance(10)
    assert progress._DISPLAY._progress is None


@pytest.mark.usefixtures("no_delay")
def test_shows_an_iteration_within_a_wait(screen):
    with redirect_stderr(screen), bars(), waiting("scoring"):
        time.sleep(0.05)
        assert iterate(range(50)) == list(range(50))
    shown = screen.getvalue()
    assert "scoring" in shown
    assert "iterating" in shown
    assert progress._DISPLAY._progress is None


@pytest.mark.usefixtures("no_delay")
@pytest.mark.parametrize(
    ("command", "what"),
    [
        (["check"], "checking"),
        (["checkpoint"], "hashing"),
        (["site", "pages"], "pages"),
        (["score", "--format", "xlsx", "-o", "s.xlsx"], "排名"),
        (["backup", "b.db"], "hashing"),
        (["bulletin", "2016Q1", "-o", "b.docx"], "hashing"),
        (["sensitivity"], "comparing"),
        (["margins"], "comparing"),
        (["audit"], "counting"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_commands_show_their_progress(tally, monkeypatch, command, what):
    units = [{"kind": "unit", "id": f"V{n}", "name": f"第{n}村", "type": "farm"} for n in range(9)]
    tally.take_in(*units)
    monkeypatch.chdir(tally.folder)
    monkeypatch.setattr(progress, "is_shown", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    run = tally(*command).ok()
    assert what in run.err
    assert what not in run.out


def test_colours_that_one_command_was_forced_to_are_not_kept_for_the_next(tally, monkeypatch):
    tally.take_in({"kind": "unit", "id": "V1", "name": "甲村", "type": "farm"})
    with monkeypatch.context() as forced:
        forced.setenv("FORCE_COLOR", "1")
        forced.setenv("TERM", "xterm")
        assert "\x1b" in tally("list").ok().out
    assert "\x1b" not in tally("list").ok().out


@pytest.mark.usefixtures("no_delay")
def test_diff_and_correct_show_that_they_compare(tally, monkeypatch):
    """The bar is removed before `correct` asks for confirmation."""
    tally.take_in({"kind": "unit", "id": "V1", "name": "甲村", "type": "farm"})
    shown = []
    monkeypatch.setattr(progress, "is_shown", lambda: True)
    monkeypatch.setattr(progress._DISPLAY, "add", lambda what, _: shown.append(what) or 0)
    monkeypatch.setattr(progress._DISPLAY, "remove", lambda _: shown.append("gone"))
    tally("diff", "--from", 1).ok()
    assert (shown[0], shown[-1]) == ("comparing", "gone")
    assert shown.count("gone") == len(shown) / 2
    shown.clear()
    correct = ("correct", "V1", "--set", "name=乙村", "--reason", "更名", "--by", "clerk")
    asked = []
    monkeypatch.setattr("cli.commands.correct._agreed", lambda **_: asked.append(list(shown)))
    tally(*correct).refused()
    assert asked[0][-1] == "gone"
    assert "comparing" in asked[0]
    assert asked[0].count("gone") == len(asked[0]) / 2


def terminal(*command, folder):
    """Return what a process writes to a terminal, and its wait status."""
    child, ends = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ |= {"TERM": "xterm", "PYTHONPATH": str(ROOT)}
        os.execv(sys.executable, [sys.executable, "-m", "cli.main", *command])
    shown = b""
    while True:
        try:
            some = os.read(ends, 65_536)
        except OSError:  # how Linux says that the other side is gone
            break
        if not some:
            break
        shown += some
    os.close(ends)
    return shown.decode(errors="replace"), os.waitpid(child, 0)[1]


@pytest.mark.slow
def test_site_shows_progress_on_a_terminal_and_none_in_a_pipe(tmp_path):
    assert process("demo", "town", folder=tmp_path).status == 0
    url = f"sqlite:///{tmp_path}/town/tally.db"
    shown, status = terminal("site", "one", "--ledger", url, folder=tmp_path)
    assert status == 0
    assert re.search(r"pages .*\d+%", shown)
    run = process("site", "two", folder=tmp_path, url=url)
    assert run.err.count("\n") == 1
    assert "\x1b" not in run.err
