"""Every test of the till happens on one morning."""

from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture(autouse=True)
def that_morning():
    """Thursday 12 March 2026, 11:00 in New York; the clock runs on from there."""
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        yield
