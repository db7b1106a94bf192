"""Receivables by payer and what is due between entities, on screen: each figure opens its rows."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from hms_ach.money import Money
from ledger.commands import Posting
from tests.ledger.commands.test_affiliate import received
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
DAY = make.DAY


@pytest.fixture
def north():
    return make.book(code="NORTH")


@pytest.fixture
def harbor():
    return make.book(code="HARB")


@pytest.fixture
def reviewer(north, harbor):
    return access.signed_in(access.user("FINANCE_REVIEWER", facilities=[north, harbor]))


def shown(client, name, **query):
    answer = client.get(reverse(f"ledger:{name}"), {"until": DAY} | query)
    assert answer.status_code == 200
    return answer.content.decode()


def figures_open(client, page: str) -> int:
    found = re.findall(r'class="figure" href="([^"]+)">([^<]+)<', page)
    for address, figure in found:
        assert figure.lstrip("\N{MINUS SIGN}") in client.get(unescape(address)).content.decode(), address
    return len(found)


def test_every_figure_of_the_roll_forward_opens_its_rows(reviewer, north):
    bill = [
        Posting("receivable.insurer", Money(80_00, "USD"), payer="AETNA", payer_class="COMMERCIAL"),
        Posting("receivable.unbilled", Money(-80_00, "USD"), payer_class="COMMERCIAL"),
    ]
    make.entry(north, postings=bill, day=DAY - timedelta(days=2))
    make.entry(north, postings=make.lines(30_00, credit="receivable.insurer", payer="AETNA"))

    page = shown(reviewer, "receivable-list", entity=north.legal_entity.code, since=DAY)

    assert "closing ties to the receivable accounts" in page
    assert figures_open(reviewer, page) >= 8


def test_every_figure_between_entities_opens_its_rows(reviewer, north, harbor):
    received(north, harbor)
    make.entry(
        north,
        postings=[
            Posting("bank.operating", Money(9_00, "USD")),
            Posting("affiliate.due_to", Money(-9_00, "USD"), payer="EHARB", reference="pay_2"),
        ],
    )

    pairs, items = shown(reviewer, "affiliate-list"), shown(reviewer, "affiliate-list", items="on")

    assert "Differs" in pairs
    assert "Mirrors" in items
    assert figures_open(reviewer, pairs) == 2
    assert figures_open(reviewer, items) == 4


def test_who_sees_one_entity_is_told_that_the_other_is_not_known(north, harbor):
    received(north, harbor)
    alone = access.signed_in(access.user("AUDITOR", facilities=[north]))

    assert "One book is not open to you" in shown(alone, "affiliate-list")


def test_empty_statements_say_so(reviewer, north):
    for name in ("receivable-list", "affiliate-list"):
        assert 'class="empty"' in shown(reviewer, name)
        assert "Nothing is shown" in shown(reviewer, name, until="never")
