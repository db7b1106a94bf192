"""The demo hospital, shortened: what it leaves for each kind of user, and that its book holds."""

import pytest

from cashiering.models import ChangeOrder, Refund, SafeCount
from hms_ach import clock
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.access.queries import facility_ids_of
from hms_ach.demo.story import tell_story
from hms_ach.home.screens import waiting_for
from ledger.queries import trial_balance

DAYS = 4


@pytest.fixture
def demo(own_database, tmp_path, settings):
    settings.DEMO_PASSWORD = "meadow lantern quartz eight"
    tell_story(seed=7, folder=tmp_path, say=lambda day: None, length=DAYS)
    return tmp_path


def test_every_role_finds_work_and_the_book_balances(demo):
    for username in ("headcashier.cora", "headcashier.noa", "billing.dan", "reviewer.eve", "approver.finn"):
        user = User.objects.get(username=username)
        assert waiting_for(user, facility_ids_of(user)), username

    for entity in LegalEntity.objects.all():
        balance = trial_balance(legal_entity=entity, as_of=clock.today("America/New_York"))
        assert balance.rows
        assert balance.is_balanced
    assert set(SafeCount.objects.values_list("state", flat=True)) >= {"COUNTED", "EXACT"}
    assert ChangeOrder.objects.filter(state="ASKED").exists()
    assert Refund.objects.filter(state="REQUESTED").exists()
    assert (demo / "truth.jsonl").read_text().count("\n") > 10
    assert Facility.objects.count() == 3
