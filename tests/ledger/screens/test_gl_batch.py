"""A GL batch on screen: every line leads to the postings that it sums."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


def rows_behind(client, figures):
    for address, figure in figures:
        yield figure, client.get(unescape(address)).content.decode()


def test_the_lines_of_a_batch_open_exactly_their_postings():
    facility = make.book(code="NORTH")
    client = access.signed_in(access.user("AUDITOR", facilities=[facility]))
    for minor in (10_00, 15_00):
        make.entry(facility, postings=make.lines(minor))
    batch = make.released_batch(facility)
    make.entry(facility, postings=make.lines(99_00))

    content = client.get(reverse("ledger:gl-batch-detail", args=[batch.public_id])).content.decode()
    counts = re.findall(r'class="figure" href="([^"]+)" aria-label="(\d+) postings', content)
    amounts = re.findall(r'class="figure" href="([^"]+)">([^<]+)<', content)

    assert len(counts) == 2
    assert len(amounts) == 4
    for count, rows in rows_behind(client, counts):
        assert f"Total of {count} postings" in rows
    for amount, rows in rows_behind(client, amounts):
        assert f"{amount}</td>" in rows or "The figure is $0.00" in unescape(rows), amount


def test_the_count_of_what_waits_opens_exactly_its_entries():
    facility = make.book(code="NORTH")
    client = access.signed_in(access.user("AUDITOR", facilities=[facility]))
    make.entry(facility, postings=make.lines(10_00))
    make.released_batch(facility)
    for minor in (20_00, 30_00):
        make.entry(facility, postings=make.lines(minor))

    content = client.get(reverse("ledger:gl-batch-list")).content.decode()
    address, count = re.findall(r'href="([^"]+)" aria-label="(\d+) entries of the next batch', content)[0]
    opened = client.get(unescape(address)).content.decode()

    assert count == "2"
    assert "Total of 2 entries" in opened
    assert "debits $50.00" in opened


def test_what_waits_for_a_batch_is_shown_only_on_its_days_and_where_no_state_is_asked_for():
    facility = make.book(code="NORTH")
    client = access.signed_in(access.user("AUDITOR", facilities=[facility]))
    make.entry(facility, postings=make.lines(10_00))
    address = reverse("ledger:gl-batch-list")
    before, after = make.DAY - timedelta(days=1), make.DAY + timedelta(days=1)

    for asked in ({}, {"since": make.DAY}, {"until": make.DAY}, {"since": before, "until": after}):
        assert "Next batch of NORTH" in client.get(address, asked).content.decode(), asked
    for asked in ({"state": "POSTED"}, {"since": after}, {"until": before}):
        assert "Next batch of NORTH" not in client.get(address, asked).content.decode(), asked
