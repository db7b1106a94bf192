"""Public ids: unique, sortable by time, safe to read out."""

import re
from datetime import UTC, datetime, timedelta

from hms_ach import clock
from hms_ach.ids import PublicIdField, new_id


def test_ids_have_a_prefix_and_26_unambiguous_characters():
    assert re.fullmatch(r"inv_[0-9A-HJKMNP-TV-Z]{26}", new_id("inv"))


def test_later_ids_sort_later():
    moment, ids = datetime(2026, 1, 1, tzinfo=UTC), []
    for step in range(200):
        with clock.at(moment + timedelta(milliseconds=step * 7919)):
            ids.append(new_id("pay"))

    assert ids == sorted(ids)


def test_ids_of_one_moment_differ():
    with clock.at(datetime(2026, 1, 1, tzinfo=UTC)):
        assert len({new_id("pay") for _ in range(5000)}) == 5000


def test_a_history_table_may_repeat_the_id():
    copied = PublicIdField(prefix="pat", unique=False)

    assert copied.deconstruct()[3] == {"prefix": "pat", "unique": False}
    assert PublicIdField(prefix="pat").deconstruct()[3] == {"prefix": "pat"}
