"""What offices install by hash is what was tested: run `.ci/hashes` after a change."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
OFFICE = (ROOT / "requirements-office.txt").read_text(encoding="utf-8")


def versions(text):
    """Return versions by name, in the spelling of the index."""
    found = re.findall(r"^([\w.-]+)(?:\[\w]+\])?==([^\s;]+)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


def test_versions_are_those_that_were_tested_together():
    office = versions(OFFICE)
    tested = versions((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    # What Windows alone needs was not tested here.
    assert {name: one for name, one in office.items() if name in tested} == {
        name: one for name, one in tested.items() if name in office
    }
    assert office.keys() - tested.keys() <= {"setuptools", "colorama", "tzdata"}


def test_names_every_requirement_of_the_program_and_its_build_tool():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *extras["office"], *extras["pages"]]
    asked += [*extras["postgres"], *project["build-system"]["requires"]]
    names = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", one)[0]).lower() for one in asked}
    assert names <= versions(OFFICE).keys()
    assert project["build-system"]["requires"] == [f"setuptools=={versions(OFFICE)['setuptools']}"]


def test_every_requirement_has_hashes_and_no_address():
    parts = re.split(r"^(?=[\w.-]+(?:\[\w]+\])?==)", OFFICE, flags=re.MULTILINE)[1:]
    assert len(parts) == len(versions(OFFICE))
    assert all("--hash=sha256:" in part for part in parts)
    assert "://" not in OFFICE
