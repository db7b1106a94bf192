"""What was announced says what became of it at the bank, where finance looks for it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cashiering.commands import take_advice_file, withdraw_advice
from cashiering.queries import advices_of
from hms_ach import clock
from reconciliation.commands import approve, propose, reconcile_account, undo_match
from reconciliation.models import Discrepancy, Expectation, Match, Proposal
from tests.make import access
from tests.make import reconciliation as make
from tests.make.advice import Payment, remittances
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db
DAY = LATER.date()
AMOUNTS = {"T0000100": "700.00", "T0000200": "200.00", "T0000300": "300.00", "T0000400": "400.00"}


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def eve(north):
    return make.reviewer(north)


@pytest.fixture
def account(north, eve):
    """One remittance paid as announced, two by one wire without a trace, one with another amount, one not."""
    account = make.bank_account(north)
    sent = [Payment(trace, amount=amount, on=DAY) for trace, amount in AMOUNTS.items()]
    sent += [Payment("T0000500", amount="555.55", on=DAY), Payment("T0000600", amount="66.66", on=DAY)]
    taken = take_advice_file(content=remittances(*sent), name="era", facility=north, actor=eve)
    withdraw_advice(advice=taken.advices[-1], reason="Sent twice", actor=eve)
    lines = [
        make.line(700_00, "TRN*1*T0000100*1512345678", on=DAY),
        make.line(500_00, "WIRE 7", on=DAY),
        make.line(390_00, "T0000400", on=DAY),
    ]
    make.statement(account, *lines, on=DAY)
    with clock.at(LATER + timedelta(days=1)):
        reconcile_account(account=account)
    return account


def states(north) -> dict[str, tuple[str, str]]:
    rows = advices_of([north.pk])
    return {row.reference: (row.at_bank, row.bank_document) for row in rows}


def discrepancy(minor: int) -> Discrepancy:
    return Discrepancy.objects.get(line__amount_minor=minor)


def test_an_advice_is_unmatched_proposed_matched_or_split_and_names_where_to_look(north, account, eve):
    wire = discrepancy(500_00)
    pair = list(Expectation.objects.filter(amount_minor__in=(200_00, 300_00)).values_list("pk", flat=True))
    before = states(north)
    propose(discrepancy_id=wire.pk, action="MATCH", reason="Their list", item_ids=pair, actor=eve)
    proposed = states(north)
    approve(proposal_id=Proposal.objects.get().pk, actor=make.approver(north))
    after = states(north)
    match = Match.objects.get(item_count=2)
    undo_match(match_id=match.pk, reason="Another payer's", actor=eve)

    assert before["T0000100"] == ("MATCHED", Match.objects.get(item_count=1).public_id)
    assert before["T0000200"] == before["T0000500"] == ("UNMATCHED", "")
    assert before["T0000400"] == ("PROPOSED", discrepancy(390_00).public_id)
    assert before["T0000600"] == ("WITHDRAWN", "")
    assert proposed["T0000200"] == proposed["T0000300"] == ("PROPOSED", wire.public_id)
    assert after["T0000200"] == after["T0000300"] == ("SPLIT", match.public_id)
    assert states(north)["T0000200"][0] == "UNMATCHED"


def test_an_advice_that_came_in_two_lines_is_split(north, account):
    lines = [make.line(minor, "T0000500", on=DAY) for minor in (300_00, 255_55)]
    make.statement(account, *lines, statement_id="S2", opening=1_590_00, on=DAY)
    with clock.at(LATER + timedelta(days=1)):
        reconcile_account(account=account)

    assert states(north)["T0000500"] == ("SPLIT", Match.objects.get(line_count=2).public_id)


def test_what_two_people_closed_without_the_bank_is_not_called_matched(north, account, eve):
    with clock.at(LATER + timedelta(days=9)):
        reconcile_account(account=account)
        late = Discrepancy.objects.get(expectation__amount_minor=555_55)
        assert states(north)["T0000500"] == ("UNMATCHED", late.public_id)
        propose(discrepancy_id=late.pk, action="SUSPENSE", reason="Never came", actor=eve)
        approve(proposal_id=Proposal.objects.get().pk, actor=make.approver(north))

    assert states(north)["T0000500"][0] == "WRITTEN_OFF"


def test_list_page_and_api_show_it_and_find_by_it_in_as_many_queries_for_any_number(north, account, eve):
    browser = access.signed_in(eve)
    api = access.api("advices:write", facilities=[north])
    listed = reverse("cashiering:advice-list")
    found = {
        state: browser.get(f"{listed}?state={state}").content.decode()
        for state in ("UNMATCHED", "PROPOSED", "MATCHED", "WITHDRAWN", "SPLIT")
    }
    one = Expectation.objects.get(amount_minor=400_00).source_id
    page = browser.get(reverse("cashiering:advice-detail", args=[one])).content.decode()
    with CaptureQueriesContext(connection) as few:
        said = api.get("/api/ach/advices?at_bank=proposed").json()["items"]
    with CaptureQueriesContext(connection) as many:
        assert len(api.get("/api/ach/advices").json()["items"]) == 6

    traces = {
        state: [trace for trace in (*AMOUNTS, "T0000500", "T0000600") if f">{trace}</a>" in text]
        for state, text in found.items()
    }
    assert traces == {
        "UNMATCHED": ["T0000200", "T0000300", "T0000500"],
        "PROPOSED": ["T0000400"],
        "MATCHED": ["T0000100"],
        "WITHDRAWN": ["T0000600"],
        "SPLIT": [],
    }
    assert reverse("reconciliation:discrepancy-detail", args=[discrepancy(390_00).public_id]) in page
    assert [(row["reference"], row["at_bank"], row["bank_document"]) for row in said] == [
        ("T0000400", "proposed", discrepancy(390_00).public_id)
    ]
    assert len(few) == len(many)
    assert api.get("/api/ach/advices?at_bank=nowhere").status_code == 422
