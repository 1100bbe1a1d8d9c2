"""Random work of an office agrees with a plain model of its ledger.

After each step today's scores are those of the oracle; the scores as of earlier positions are what
they were at those positions; bulletins hold what was published; and `diff` names exactly the units
and fields that differ, with a cause for each unit.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.corrections.machine import Machine, ThoroughMachine

PARTS = range(3)
"""Parts of the long run, so that several processes can share it."""

SETTINGS = settings(
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_random_work_agrees_with_the_model():
    run_state_machine_as_test(
        Machine, settings=settings(SETTINGS, max_examples=4, stateful_step_count=20)
    )


@pytest.mark.slow
@pytest.mark.parametrize("_part", PARTS)
def test_long_random_work_agrees_with_the_model_at_every_position(_part):
    run_state_machine_as_test(
        ThoroughMachine, settings=settings(SETTINGS, max_examples=20, stateful_step_count=30)
    )
