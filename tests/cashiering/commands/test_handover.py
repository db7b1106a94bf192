"""What is told of a drawer that goes from one cashier to the next."""

import pytest

from cashiering.commands import accept_handover
from hms_ach.audit.models import Event as Kept
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.cashiering.commands.test_foreign_custody import EUR_50, handed_over, taken
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

HANDED_ON = ["cashiering.offer_handover", "cashiering.accept_transfer"]


def test_what_is_told_and_kept_of_a_handover_names_every_currency():
    given, session = taken()
    offered = handed_over(given, session)
    counts = {"denominations": make.pieces(197_30), "foreign": {"EUR": make.pieces(50_00, "EUR")}}

    accept_handover(transfer=offered, actor=given.ben, **counts)

    amounts = [Money(197_30, "USD").as_json(), EUR_50.as_json()]
    told = Event.objects.filter(subject=offered.public_id).order_by("id")
    assert [(one.type, one.data["amounts"]) for one in told] == [
        ("cash_transfer.offered", amounts),
        ("cash_transfer.decided", amounts),
    ]
    kept = Kept.objects.filter(action__in=HANDED_ON).order_by("id")
    assert [(one.action, one.after["amounts"]) for one in kept] == [(verb, amounts) for verb in HANDED_ON]
