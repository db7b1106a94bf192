"""Random tills against an independent sum: 200 short runs each day, 2,000 long ones each night."""

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.invariants import till_machine

pytestmark = pytest.mark.django_db


def play(runs: int, steps: int) -> None:
    """Let the machine play; every run starts from the same database and is rolled back."""
    with time_machine.travel("2026-03-12T15:00:00Z"):
        places = [till_machine.prepare("USD"), till_machine.prepare("EUR")]

        class Rolled(till_machine.TillMachine):
            def __init__(self) -> None:
                super().__init__()
                self.point = transaction.savepoint()

            def teardown(self) -> None:
                try:
                    super().teardown()
                finally:
                    transaction.savepoint_rollback(self.point)

        Rolled.places = places
        run_state_machine_as_test(
            Rolled,
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                derandomize=False,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, Phase.shrink],
            ),
        )


def test_every_figure_of_random_tills_is_the_sum_of_what_was_done():
    """Takes a dozen seconds, since each step is real."""
    play(runs=200, steps=4)


@pytest.mark.nightly
def test_every_figure_of_two_thousand_random_tills_is_the_sum_of_what_was_done():
    play(runs=2_000, steps=30)
