"""An address that asks for what does not exist is told so, and shows no other figures for it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from hms_ach.web import asked_back
from tests.make import access
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db

HEAD, REVIEWER, CONTROLLER = "HEAD_CASHIER", "FINANCE_REVIEWER", "CONTROLLER"
WRONG = [
    (HEAD, "cashiering:receipt-batch-list", "day=abc", "“abc” is no day"),
    (HEAD, "cashiering:receipt-batch-list", "day=0001-01-01", "“0001-01-01” is no day"),
    (HEAD, "cashiering:cash-book", "day=2026-13-01", "is no day"),
    (HEAD, "cashiering:cash-book", "by=moon", "none that by may be here"),
    (HEAD, "cashiering:cash-book", "facility=SOUTH", "none that facility may be here: NORTH."),
    (HEAD, "cashiering:not-collected-list", "since=soon", "“soon” is no day"),
    (HEAD, "cashiering:not-collected-list", "since=2026-03-02&until=2026-03-01", "is after Mar 1, 2026"),
    (HEAD, "cashiering:control-room", "days=7", "30, 60, 90"),
    (HEAD, "cashiering:session-list", "state=GONE", "“GONE” is none"),
    (HEAD, "cashiering:refund-list", "state=GONE", "“GONE” is none"),
    (REVIEWER, "cashiering:cross-check", "until=x", "“x” is no day"),
    (REVIEWER, "cashiering:payout-list", "state=GONE", "“GONE” is none"),
    (REVIEWER, "cashiering:advice-list", "state=GONE", "UNMATCHED"),
    (REVIEWER, "cashiering:advice-list", "kind=GONE", "REMITTANCE"),
    (REVIEWER, "reconciliation:day-list", "day=abc", "“abc” is no day"),
    (REVIEWER, "reconciliation:day-list", "day=0001-01-01", "is no day"),
    (REVIEWER, "reconciliation:statement-list", "account=NOWHERE", "“NOWHERE” is none"),
    (REVIEWER, "reconciliation:discrepancy-list", "kind=GONE", "“GONE” is none"),
    (REVIEWER, "reconciliation:discrepancy-list", "state=GONE", "HELD"),
    (REVIEWER, "reconciliation:statement-list", "page=abc", "“abc” is no number of a page"),
    (REVIEWER, "reconciliation:match-list", "page=0", "“0” is no number of a page"),
    (REVIEWER, "cashiering:cheque-list", "page=-1", "“-1” is no number of a page"),
    (HEAD, "cashiering:session-list", "page=1.5", "“1.5” is no number of a page"),
    (CONTROLLER, "ledger:journal-list", "page=²", "“²” is no number of a page"),
    (CONTROLLER, "ledger:journal-list", "state=GONE", "“GONE” is none"),
    (CONTROLLER, "ledger:delivery-list", "state=GONE", "“GONE” is none"),
]


@pytest.fixture
def north():
    return make.hospital()


@pytest.mark.parametrize(("role", "name", "query", "says"), WRONG)
def test_a_value_that_means_nothing_is_refused_in_words(north, role, name, query, says):
    browser, address = access.signed_in(access.user(role, facilities=[north])), reverse(name)

    wrong = browser.get(f"{address}?{query}")

    assert (browser.get(address).status_code, wrong.status_code) == (200, 422)
    assert says in wrong.content.decode()


def test_a_page_beyond_the_last_shows_the_last(north):
    browser, account = access.signed_in(access.user(REVIEWER, facilities=[north])), make.bank_account(north)
    make.statement(account, statement_id="OLDEST")
    address = reverse("reconciliation:statement-list")

    for number in ("001", "2", "9" * 5_000):
        answer = browser.get(address, {"page": number})

        assert (answer.status_code, "OLDEST" in answer.content.decode()) == (200, True)


def test_every_list_reads_its_page_in_one_place():
    """A list that reads the address by itself would show its first page for any value."""
    alone = [
        str(path)
        for app in ("hms_ach", "ledger", "billing", "cashiering", "reconciliation")
        for path in Path(settings.BASE_DIR, app).rglob("*.py")
        if '.GET.get("page"' in path.read_text()
    ]

    assert [Path(path).name for path in alone] == ["asked.py"]


def test_what_only_a_part_of_a_page_asks_for_is_told_on_a_page_of_its_own(north):
    browser = access.signed_in(access.user(HEAD, facilities=[north]))
    address = f"{reverse('cashiering:receipt-batch-list')}?day=abc"

    answer = browser.get(address, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Redirect"]) == (204, address)


def test_a_day_outside_of_our_time_has_no_board(north):
    browser = access.signed_in(access.user(REVIEWER, facilities=[north]))

    assert browser.get(reverse("reconciliation:day-detail", args=["NORTH", "0001-01-01"])).status_code == 404


@pytest.mark.parametrize(
    ("page", "back"),
    [
        (
            "/reconciliation/discrepancies/dis_1/?kind=DUPLICATE",
            "/reconciliation/discrepancies/dis_1/?kind=DUPLICATE",
        ),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("/\\elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_leads_back_to_pages_of_ours_alone(rf, page, back):
    assert asked_back(rf.get("/", {"from": page})) == back
