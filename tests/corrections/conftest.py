"""Fixtures of the tests of corrections: fresh ledgers in a temporary folder."""

from __future__ import annotations

import pytest

from tests.cli.entries import UNITS, batch
from tests.corrections.office import END, temporary_folder
from tests.corrections.office import office as office_in


@pytest.fixture
def folder():
    """A folder that is removed after the test."""
    with temporary_folder() as path:
        yield path


@pytest.fixture
def office(folder):
    """An office on a fresh, empty ledger."""
    return office_in(folder)


@pytest.fixture
def town(office):
    """Two villages and a verified batch of three people of V001 to the town: 1 point."""
    office.take_in(*UNITS, batch())
    return office


@pytest.fixture
def published_town(town):
    """The same with Q2 published as of 31 May: 7 points for V001, 8 for V002."""
    town.publish("2016Q2", *END)
    return town
