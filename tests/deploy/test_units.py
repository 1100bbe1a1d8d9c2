"""The units of systemd are valid, shut off from the rest, and start commands that exist."""

from __future__ import annotations

import re
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest

from cli.main import tally
from tests.deploy.conftest import DEPLOY, ROOT

UNITS = ["tally-desk.service", "tally-backup.service", "tally-backup.timer"]
SERVICES = UNITS[:2]

systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here"
)


@pytest.fixture
def installed(tmp_path):
    """The units, with a program that exists here in place of the one in /opt."""
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", text))
    return tmp_path


def read(name):
    """Return the sections of a unit; of a setting that is repeated, all values."""

    class Repeated(dict):
        def __setitem__(self, key, value):
            super().__setitem__(key, [*self.get(key, []), *value] if type(value) is list else value)

    parser = RawConfigParser(strict=False, dict_type=Repeated, delimiters="=")
    parser.optionxform = str
    parser.read(DEPLOY / name, encoding="utf-8")
    return parser


def ask(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


@systemd
def test_systemd_finds_nothing_wrong(installed):
    run = ask("verify", *(installed / name for name in UNITS))
    assert (run.returncode, run.stderr) == (0, "")


@systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_off(installed, name):
    """systemd rates what a service is exposed to from 0 to 10; below 2 is what it calls OK."""
    run = ask("security", "--offline=yes", "--threshold=20", installed / name)
    assert run.returncode == 0, run.stdout[-500:] + run.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_both_services_are_shut_off_alike(name):
    found = (DEPLOY / name).read_text(encoding="utf-8")
    mine, desk = (
        text.partition("# What it may do.\n")[2].partition("\n\n")[0].strip()
        for text in (found, (DEPLOY / SERVICES[0]).read_text(encoding="utf-8"))
    )
    assert "NoNewPrivileges=yes" in mine
    assert mine == desk
    assert "\nProtectSystem=strict\n" in found
    assert "\nUser=tally\n" in found


def test_the_timer_starts_the_backup_every_night():
    assert read("tally-backup.timer")["Timer"]["OnCalendar"] == "*-*-* 02:15:00"
    started = read("tally-backup.service")["Service"]["ExecStart"].split()
    assert started == ["/opt/tally/deploy/backup.sh", "/var/backups/tally"]
    assert (DEPLOY / "backup.sh").stat().st_mode & 0o111


@pytest.mark.parametrize("name", SERVICES)
def test_the_key_lies_in_another_folder_than_the_ledger(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert "TALLY_LEDGER=sqlite:////var/lib/tally/tally.db" in text
    assert "TALLY_KEY=/var/lib/tally-key/town.key" in text
    assert read(name)["Service"]["StateDirectory"].split() == ["tally", "tally-key"]


@pytest.mark.parametrize("name", ["tally-desk.service", "Dockerfile", "compose.yaml"])
def test_the_desk_knows_the_options_that_it_is_started_with(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    given = set(re.findall(r"--(?:host|port|cert|key|behind)\b", text))
    assert {"--host", "--port"} <= given
    command = tally.get_command(None, "desk")
    assert given <= {option for one in command.params for option in one.opts}


@pytest.mark.parametrize(
    "path", sorted(filter(Path.is_file, DEPLOY.iterdir())), ids=lambda path: path.name
)
def test_every_file_says_what_it_is_for(path):
    """A comment comes first, and docs/deploying.md names the file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    first = lines[1] if lines[0].startswith("#!") else lines[0]
    assert first.startswith(("# ", '"""')), first
    assert path.name in (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="there is no shellcheck here")
def test_shellcheck_finds_nothing_in_the_scripts():
    run = subprocess.run(
        ["shellcheck", *DEPLOY.glob("*.sh")], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")
