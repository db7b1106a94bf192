"""Checking drawn matches on the screen."""

from django.urls import reverse

from reconciliation.models import Match, SampledMatch
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_sample import _drawn, account  # noqa: F401 - the fixture


def test_right_leads_to_the_next_and_wrong_to_the_match(account):  # noqa: F811
    _drawn(account)
    browser = access.signed_in(make.reviewer(account.facility))
    first, second, *_ = SampledMatch.objects.order_by("pk")

    shown = browser.get(reverse("reconciliation:sample-detail", args=[first.public_id])).content.decode()
    after = browser.post(
        reverse("reconciliation:sample-judgement", args=[first.public_id]), {"verdict": "right"}
    )
    wrong = browser.post(
        reverse("reconciliation:sample-judgement", args=[second.public_id]),
        {"verdict": "wrong", "note": "another bag"},
    )
    listed = browser.get(reverse("reconciliation:sample-list")).content.decode()

    assert "named by the bank" in shown
    assert after["Location"] == reverse("reconciliation:sample-detail", args=[second.public_id])
    assert Match.objects.get(sampled=second).public_id in wrong["Location"]
    assert "50.00 %" in listed
