"""Ten tries over at least three days."""

from datetime import timedelta

from hms_ach.outbox.rules.retries import TRIES, WAITS, wait_after


def test_ten_tries_span_at_least_75_hours():
    assert TRIES == 10
    assert sum(WAITS, timedelta()) >= timedelta(hours=75)


def test_chance_only_adds_up_to_a_fifth():
    for tries in range(1, TRIES):
        wait = wait_after(tries)
        assert WAITS[tries - 1] <= wait <= WAITS[tries - 1] * 1.2


def test_after_the_last_try_there_is_no_other():
    assert wait_after(TRIES) is None
