"""A bar for what takes long, where somebody sees it, and not a byte where nobody does."""

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
from tests.cli.running import ROOT, Tally, process


class Screen(io.StringIO):
    """A terminal that remembers all that was ever shown on it."""

    def isatty(self):
        return True


@pytest.fixture
def screen(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    return Screen()


@pytest.fixture
def impatient(monkeypatch):
    """Everything takes long."""
    for name in ("LONG", "_SURE", "_OFTEN"):
        monkeypatch.setattr(progress, name, 0.0)


def walk(items, total=None):
    """The items as a walk gives them, one by one."""
    return list(with_progress(items, "walking", lambda: len(items) if total is None else total))


@pytest.mark.usefixtures("impatient")
def test_a_long_walk_has_a_bar_that_goes_when_it_ends(screen):
    with redirect_stderr(screen), bars():
        assert walk(range(50)) == list(range(50))
    told = screen.getvalue()
    assert "walking" in told
    assert re.search(r"\d+%", told)
    # The cursor is shown again, and the line of the bar erased.
    assert told.rindex("\x1b[2K") > told.rindex("walking")
    assert told.rindex("\x1b[?25h") > told.rindex("\x1b[?25l")


def test_a_short_walk_has_none(screen):
    with redirect_stderr(screen), bars():
        walk(range(1000))
    assert screen.getvalue() == ""


def test_a_walk_that_will_be_long_is_seen_before_it_was(screen, monkeypatch):
    """Of 1,000 items, 20 ms each, the bar is there after a third of a second and not after 20."""
    monkeypatch.setattr(progress, "_SURE", 0.05)
    begun = time.monotonic()
    with redirect_stderr(screen), bars():
        for _ in with_progress(range(1000), "walking", lambda: 1000):
            time.sleep(0.02)
            if screen.getvalue():
                break
    assert time.monotonic() - begun < 5
    assert "walking" in screen.getvalue()


@pytest.mark.usefixtures("impatient")
def test_nothing_where_the_output_is_no_terminal():
    plain = io.StringIO()
    items = [1, 2, 3]
    with redirect_stderr(plain), bars(), waiting("waiting"):
        assert with_progress(items, "walking", lambda: 3) is items
        time.sleep(0.05)
    assert plain.getvalue() == ""


@pytest.mark.usefixtures("impatient")
def test_nobody_watches_outside_of_a_command(screen):
    items = [1, 2, 3]
    assert with_progress(items, "walking", lambda: 3) is items
    with redirect_stderr(screen), bars(), progress_shown_by(None):
        assert with_progress(items, "walking", lambda: 3) is items
    assert screen.getvalue() == ""


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("total", [0, -5, 2, None, "many"])
def test_a_total_that_is_wrong_breaks_nothing(screen, total):
    with redirect_stderr(screen), bars():
        assert list(with_progress(range(9), "walking", lambda: total)) == list(range(9))
    assert "walking" in screen.getvalue()


@pytest.mark.usefixtures("impatient")
def test_a_walk_that_is_broken_off_leaves_no_bar(screen):
    def broken():
        yield from range(9)
        raise OSError("disk")

    with redirect_stderr(screen), bars():
        with pytest.raises(OSError, match="disk"):
            list(with_progress(broken(), "walking", lambda: 99))
        assert screen.getvalue().rindex("\x1b[2K") > screen.getvalue().rindex("walking")
        for _ in with_progress(range(9), "walking", lambda: 9):
            break
    assert progress._DISPLAY._progress is None


def test_waiting_moves_until_it_is_over(screen, monkeypatch):
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


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("total", [0, 60, 10**6])
def test_a_bar_that_is_moved_on_with_a_walk_beside_it(screen, total):
    """As an import reads its file while the ledger is replayed, whatever size was told."""
    with redirect_stderr(screen), bars(), advancing("reading", total) as advance:
        for _ in range(30):
            advance(2)
            time.sleep(0.002)
        assert walk(range(50)) == list(range(50))
        advance(10**6)
    told = screen.getvalue()
    assert "reading" in told
    assert "walking" in told
    assert progress._DISPLAY._progress is None


def test_a_bar_that_nobody_sees_is_none():
    with advancing("reading", 10) as advance:
        advance(10)
    assert progress._DISPLAY._progress is None


@pytest.mark.usefixtures("impatient")
def test_a_walk_within_a_wait(screen):
    with redirect_stderr(screen), bars(), waiting("scoring"):
        time.sleep(0.05)
        assert walk(range(50)) == list(range(50))
    told = screen.getvalue()
    assert "scoring" in told
    assert "walking" in told
    assert progress._DISPLAY._progress is None


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("command", "what"),
    [
        (["check"], "checking"),
        (["checkpoint"], "hashing"),
        (["site", "pages"], "pages"),
        (["score", "--format", "xlsx", "-o", "s.xlsx"], "排名"),
        (["backup", "b.db"], "hashing"),
        (["bulletin", "2016Q1", "-o", "b.docx"], "hashing"),
    ],
    ids=lambda told: told if isinstance(told, str) else told[0],
)
def test_commands_show_how_far_they_are(tmp_path, monkeypatch, command, what):
    tally = Tally(tmp_path)
    tally("init").ok()
    units = [{"kind": "unit", "id": f"V{n}", "name": f"第{n}村", "type": "farm"} for n in range(9)]
    tally.take_in(*units)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(progress, "is_shown", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    run = tally(*command).ok()
    assert what in run.err
    assert what not in run.out


@pytest.mark.usefixtures("impatient")
def test_what_cannot_be_counted_moves_until_it_is_compared(tmp_path, monkeypatch):
    """And is gone before the person is asked."""
    tally = Tally(tmp_path)
    tally("init").ok()
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
    """All that a process shows on a terminal, and how it ends."""
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
def test_the_sample_years_site_on_a_terminal_and_in_a_pipe(tmp_path):
    assert process("demo", "town", folder=tmp_path).status == 0
    url = f"sqlite:///{tmp_path}/town/tally.db"
    shown, status = terminal("site", "one", "--ledger", url, folder=tmp_path)
    assert status == 0
    assert re.search(r"pages .*\d+%", shown)
    run = process("site", "two", folder=tmp_path, url=url)
    assert run.err.count("\n") == 1
    assert "\x1b" not in run.err
