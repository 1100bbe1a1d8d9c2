"""On a terminal no id and no number is folded, however narrow it is; in a pipe all is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest
from rich.cells import cell_len

from cli.language.folding import width_of
from tests.cli.running import environment_with

TABLES = {
    "score": ["score"],
    "list": ["list", "--unit", "V017"],
    "missing": ["missing"],
    "sensitivity": ["sensitivity"],
    "margins": ["margins", "--unit", "V029"],
    "audit": ["audit"],
    "audit late": ["audit", "--list", "late"],
    "costs": ["costs"],
    "explain": ["explain", "V017", "2016Q3"],
    "history": ["history", "B-2016-0004"],
    "diff": ["diff", "--from", "9001", "--to", "9201"],
    "rules": ["rules"],
}


def shown(width, *words, url, language="zh", folder=None, status=0):
    """Return what a command prints on a terminal of some columns, as lines.

    Of a command that ends with another status than 0, the errors instead.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", *words, *(["--ledger", url] if url else [])],
        stdout=theirs if status == 0 else subprocess.DEVNULL,
        stderr=subprocess.DEVNULL if status == 0 else theirs,
        cwd=folder,
        env=environment_with({"TALLY_LANG": language, "TERM": "xterm"}),
    ) as process:
        os.close(theirs)
        found = bytearray()
        while True:
            try:
                part = os.read(ours, 65_536)
            except OSError:
                break
            if not part:
                break
            found += part
    os.close(ours)
    assert process.returncode == status
    return re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", found.decode()).replace("\r\n", "\n").splitlines()


def tokens(text):
    """Return the ids and numbers of a text."""
    return set(re.findall(r"[A-Za-z]+(?:-[A-Za-z0-9.]+)+|-?\d+(?:\.\d+)?(?:-\d+)*", text))


@pytest.mark.parametrize(
    ("width", "language"),
    [
        (80, "en"),
        (30, "zh"),
        pytest.param(80, "zh", marks=pytest.mark.slow),
        pytest.param(50, "zh", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("name", TABLES)
def test_ids_and_numbers_are_whole_and_lines_fit(demo, monkeypatch, name, width, language):
    lines = shown(width, *TABLES[name], url=demo.url, language=language)
    monkeypatch.setenv("TALLY_LANG", language)
    found, expected = map(tokens, ("\n".join(lines), demo(*TABLES[name]).ok().out))
    assert found <= expected | {str(width)}, found - expected
    for line in lines:
        # A word that is wider than the terminal cannot be folded without breaking it.
        words = re.split(r"[\s：:（）()，。；]", line)
        assert cell_len(line.rstrip()) <= max(width, *(width_of(word) + 12 for word in words)), line


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_newcomer_sees_the_quarters_and_totals_at_80_columns(tmp_path, language):
    lines = shown(80, "demo", "town", url=None, language=language, folder=tmp_path)
    rows = {line.split()[1]: line.split() for line in lines if re.match(r" *\d+  ", line)}
    assert len(rows) == 46
    # The sample year's figures: see tests/ledger/test_sample_year.py.
    assert rows["V017"][:8] == ["46", "V017", "枫笛坪村", "9", "10", "-22.5", "7", "30.4"]
    assert all(cell_len(line) <= 80 for line in lines)
    assert any(
        ("未显示：年度考核、奖分、罚分" if language == "zh" else "Year-end inspection") in line
        for line in lines
    )


@pytest.mark.parametrize("width", [80, 60, 50, 40])
def test_names_and_totals_never_vanish(demo, width):
    lines = shown(width, "score", url=demo.url)
    assert sum("村" in line or "农场" in line or "社区" in line for line in lines) >= 46
    row = next(line for line in lines if "V017" in line).split()
    assert row[:3] == ["46", "V017", "枫笛坪村"]
    assert "30.4" in row


def test_a_very_narrow_terminal_has_a_block_for_each_unit(demo):
    lines = shown(20, "score", url=demo.url)
    start = lines.index("单位：V017")
    assert lines[start - 1 : start + 6] == [
        *("名次：46", "单位：V017", "名称：枫笛坪村"),
        *("一季度：9", "二季度：10", "三季度：-22.5", "四季度：7"),
    ]
    assert "总分：30.4" in lines


def test_nothing_is_left_out_in_a_pipe(demo):
    out = demo("list", "--unit", "V017").ok().out
    assert "content" in out
    assert "V017-SR-N-2016-01" in out


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [80, 50, 40])
@pytest.mark.parametrize(
    ("words", "status", "whole"),
    [
        (["score", "--unit", "V7777"], 1, "V7777"),
        (["score", "--year", "1800"], 2, "1901"),
        (["import", "2016-second-half.jsonl", "--by", "clerk"], 1, "2016-second-half.jsonl"),
    ],
    ids=["unit", "year", "file"],
)
def test_messages_are_folded_between_words(demo, words, status, whole, width, language):
    lines = shown(width, *words, url=demo.url, language=language, status=status)
    assert max(map(width_of, lines)) <= width
    assert any(whole in line for line in lines)


@pytest.mark.parametrize("words", [["--help"], ["score", "--help"], ["import", "--help"]])
@pytest.mark.parametrize("width", [80, 50, 40])
def test_helps_fit_a_narrow_terminal(words, width):
    """All but the examples, which are to be copied."""
    for line in shown(width, *words, url=None):
        assert width_of(line) <= width or line.startswith("    tally ")
