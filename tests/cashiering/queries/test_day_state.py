"""The till's day is done when its days before are, too: their entries go into the same batch."""

from datetime import timedelta

import pytest

from cashiering.queries import day_state
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_session_left_open_keeps_the_days_after_it_open():
    given = make.till()
    session = make.opened(given)
    tomorrow = session.business_on + timedelta(days=1)

    before = day_state(given.facility, tomorrow).is_done
    make.approved(session, given, 200_00)

    assert not before
    assert day_state(given.facility, tomorrow).items == []
    assert len(day_state(given.facility, session.business_on).items) == 1
