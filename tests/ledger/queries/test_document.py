"""What the general ledger made of a document is shown at the document."""

import pytest

from ledger.commands import acknowledge_gl_batch, rebuild_gl_batch, reject_gl_batch
from ledger.queries import document_entries
from tests.make import ledger as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    return make.book(code="NORTH")


def shown(*sources):
    return [
        (each.row.public_id, [(batch.number, batch.state, batch.journal) for batch in each.batches])
        for each in document_entries(*sources)
    ]


def test_the_journal_of_the_general_ledger_stands_at_the_document(facility):
    entry = make.entry(facility, source=("payment", "pay_1"))
    make.entry(facility, source=("payment", "pay_2"))
    batch = make.released_batch(facility)
    acknowledge_gl_batch(batch=batch, outcome="posted", journal="JE-7", actor=make.person("erp"))
    voided = make.entry(facility, source=("payment_void", "pay_1"))

    assert shown(("payment", "pay_1"), ("payment_void", "pay_1")) == [
        (entry.public_id, [(batch.number, "POSTED", "JE-7")]),
        (voided.public_id, []),
    ]


def test_a_batch_that_was_sent_again_stands_before_the_rejected_one(facility):
    entry = make.entry(facility, source=("invoice", "inv_1"))
    batch = make.released_batch(facility)
    reject_gl_batch(batch=batch, reason="Wrong day", actor=make.person("ann"))
    again = rebuild_gl_batch(batch=batch, actor=make.person("ben"))

    assert shown(("invoice", "inv_1")) == [
        (entry.public_id, [(again.number, "VALIDATED", ""), (batch.number, "REBUILT", "")])
    ]


def test_a_document_takes_two_queries_whatever_it_caused(facility, django_assert_num_queries):
    for _ in range(3):
        make.entry(facility, source=("payment", "pay_1"))
    make.released_batch(facility)

    with django_assert_num_queries(2):
        assert len(document_entries(("payment", "pay_1"))) == 3


def test_nothing_asked_and_nothing_posted_are_nothing():
    assert document_entries() == []
    assert document_entries(("payment", "pay_9")) == []
