"""What is known of those who pay, found in what the bank writes."""

import pytest

from cashiering.commands import record_advice, take_advice_file
from cashiering.rules.advised import Advised
from hms_ach import clock
from hms_ach.money import Money
from reconciliation.commands import match_account, pull_expectations
from reconciliation.models import Expectation, KnownParty, MatchFact, MatchItem
from tests.make import access
from tests.make import reconciliation as make
from tests.make.advice import Payment, remittances
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db

ALPHA, BRAVO = "1234567890", "9876543210"


@pytest.fixture
def account(db):
    return make.bank_account(make.hospital())


def _known(payer: str = "", name: str = "", numbered_by: str = "") -> None:
    KnownParty.objects.create(payer=payer, name=name, numbered_by=numbered_by)


def _matched(account, *lines) -> set[int]:
    """The items that these lines find, among many whose references tell: so seldom is one missing."""
    usual = [(f"TRC9{number}17", 1_003_17 + 7_919 * number) for number in range(10, 40)]
    items = [make.expected(account, minor, trace, kind="remittance").pk for trace, minor in usual]
    make.statement(account, *(make.line(minor, trace) for trace, minor in usual), *lines)
    match_account(account=account)
    return set(MatchItem.objects.exclude(expectation_id__in=items).values_list("expectation_id", flat=True))


def _two_equals(account) -> tuple[int, int]:
    _known(ALPHA, "Alpha Health Plan")
    _known(BRAVO, "Bravo Care")
    kept = [
        make.expected(account, 812_44, f"T{payer}", kind="remittance", payer=payer)
        for payer in (ALPHA, BRAVO)
    ]
    return kept[0].pk, kept[1].pk


@pytest.mark.parametrize("text", ["ACH CREDIT ALPHA HÉALTH PLAN", "alpha health plan claims 03/12"])
def test_a_name_in_the_text_says_which_of_two_equals_is_meant(account, text):
    alpha, _bravo = _two_equals(account)

    assert _matched(account, make.line(812_44, description=text)) == {alpha}


@pytest.mark.parametrize("text", ["ALPHA HEALTH PLAN FOR BRAVO CARE", "PPD CREDIT", "ALPHA HEALTH"])
def test_a_text_that_names_nobody_or_two_says_nothing(account, text):
    _two_equals(account)

    assert _matched(account, make.line(812_44, description=text)) == set()


def test_the_name_that_the_bank_gives_comes_before_a_name_in_the_text(account):
    _alpha, bravo = _two_equals(account)
    line = make.line(812_44, counterparty="BRAVO CARE", description="FOR ALPHA HEALTH PLAN")

    assert _matched(account, line) == {bravo}


def test_a_short_number_beside_a_known_terminal_is_its_batch(account):
    _known("543210", numbered_by="T0012345")
    batches = [
        make.expected(
            account,
            300_00,
            kind="card_batch",
            payer="543210",
            terminal="T0012345",
            batch=str(number),
            keys=[f"T12345#{number}"],
        ).pk
        for number in (41, 42)
    ]

    assert _matched(account, make.line(300_00, description="SETTLEMENT T0012345 0042")) == {batches[1]}


def test_a_merchant_is_told_by_its_number_in_the_counterpartys_name(account):
    _known("54321098")
    merchant = make.expected(account, 300_17, "B1", kind="remittance", payer="54321098")
    make.expected(account, 300_17, "B2", kind="remittance", payer="11112222")

    assert _matched(account, make.line(300_17, counterparty="WORLDPAY 54321098")) == {merchant.pk}


def test_a_terminal_of_letters_and_digits_is_told_in_the_counterpartys_name(account):
    _known("543210", numbered_by="K12B7")
    ours, _other = (
        make.expected(account, 300_17, f"B{name}", kind="remittance", payer="543210", terminal=name)
        for name in ("K12B7", "K12C9")
    )

    assert _matched(account, make.line(300_17, counterparty="CLOVER K12B7")) == {ours.pk}


@pytest.mark.parametrize("named, is_found", [("T-0042", True), ("T-0049", False)])
def test_a_line_that_names_another_short_terminal_pays_no_batch_by_its_amount(account, named, is_found):
    ours, _other = (
        make.expected(account, minor, f"BX{minor}", kind="card_batch", payer="543210", terminal=terminal)
        for terminal, minor in (("T-0042", 8_300_17), ("T-0049", 9_311_13))
    )
    found = _matched(account, make.line(8_300_17, description=f"SETTLEMENT {named}"))

    assert found == ({ours.pk} if is_found else set())


def test_how_one_line_alone_is_written_is_nothing_to_learn(account):
    """Facts are kept of the newest thousands: texts of which no two are alike would push the others out."""
    for number in range(3):
        make.expected(account, 100_17 + number, f"TRACE10{number}")
    texts = ["SAME WORDS 1", "SAME WORDS 2", "WORDS OF MARY"]
    lines = [make.line(100_17 + n, f"TRACE10{n}", description=text) for n, text in enumerate(texts)]
    make.statement(account, *lines)

    match_account(account=account)

    assert set(MatchFact.objects.values_list("who", "count")) == {("~SAMEWORDS", 2), ("", 1)}


def test_what_is_pulled_makes_its_party_known_once():
    with clock.at(LATER):
        north = make.hospital()
        for trace in ("000012345", "000012346"):
            content = remittances(Payment(trace, amount="700.00", on=LATER.date()))
            take_advice_file(content=content, name="file", facility=north, actor=access.user())
            pull_expectations(facility_ids=[north.pk])

    assert list(KnownParty.objects.values_list("payer", "name", "numbered_by")) == [
        ("1512345678", "MEADOW HEALTH", "")
    ]


def test_a_payer_of_a_long_name_without_a_number_is_pulled(account):
    said = Advised(
        kind="REMITTANCE",
        amount=Money(700_00, "USD"),
        reference="000012345",
        payer_name="N" * 120,
        expected_on=make.DAY,
    )
    record_advice(facility=account.facility, advised=said, actor=access.user())

    pull_expectations(facility_ids=[account.facility_id])

    assert Expectation.objects.get().payer == "N" * 80
    assert KnownParty.objects.get().name == "N" * 120
