"""A night's run goes by what earlier nights showed: what is usual does not begin anew each day."""

from datetime import timedelta

import pytest

from reconciliation.commands.written_match import write_match
from reconciliation.engine.lessons import Lessons
from reconciliation.models import Match, MatchFact, MatchRun, OpenLine
from reconciliation.rules.plan import Adjustment
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db

MERCHANT = "607305256351"


@pytest.fixture
def account(db):
    return make.bank_account(make.hospital())


def _usual(account, count: int, *lines, night: int = 0, payer: str = "", **said) -> list[Match]:
    """A night with so many lines whose references tell, and these: what of these is matched."""
    traces = [
        (f"TRC9{night:02d}{number}17", 1_003_17 + 7_919 * number + 101 * night)
        for number in range(10, 10 + count)
    ]
    on = make.DAY + timedelta(days=night)
    for trace, minor in traces:
        make.expected(account, minor, trace, kind="card_batch", payer=payer, on=on)
    usual = [make.line(minor, trace, **said) for trace, minor in traces]
    matches = make.night(account, *usual, *lines, night=night)
    assert len([each for each in matches if each.pass_name == "reference"]) == count
    return [each for each in matches if each.pass_name != "reference"]


@pytest.mark.parametrize(("before", "is_matched"), [(40, False), (2, True)])
def test_a_merchant_whose_lines_have_borne_its_number_is_not_paid_by_one_that_does_not(
    account, before, is_matched
):
    _usual(account, before, payer=MERCHANT, description=f"MERCH DEP {MERCHANT}")
    make.expected(account, 412_37, kind="card_batch", payer=MERCHANT)

    found = make.night(account, make.line(412_37, description="COCA COLA COMMISSION"), night=1)

    assert bool(found) == is_matched


@pytest.mark.parametrize(("before", "is_matched"), [(60, False), (10, True)])
def test_a_kind_of_line_that_has_always_named_what_it_pays_pays_nothing_by_amount(
    account, before, is_matched
):
    _usual(account, before)
    make.expected(account, 412_37, "TRC8000017", kind="card_batch")

    found = make.night(account, make.line(412_37, "ZQ77123"), night=1)

    assert bool(found) == is_matched


@pytest.mark.parametrize(("copays", "is_matched"), [(40, False), (0, True)])
def test_an_amount_that_has_come_often_proves_nothing(account, copays, is_matched):
    """One copay is open, and one line is of its amount: so would be any other copay's."""
    traces = [f"TRC7{number}33" for number in range(10, 10 + copays)]
    for trace in traces:
        make.expected(account, 25_37, trace, kind="copay")
    make.night(account, *(make.line(25_37, trace) for trace in traces), night=1)
    make.expected(account, 25_37, kind="copay", on=make.DAY + timedelta(days=2))

    found = _usual(account, 40, make.line(25_37, bank_reference=""), night=2)

    assert bool(found) == is_matched


def _day(account, day: int) -> list:
    """Two batches of a merchant, of another size each day; its number stands on the line."""
    amounts = (100_00 + 37_00 * day, 250_00 + 11_00 * (day * day % 17))
    fees = [amount * 23 // 1000 for amount in amounts]
    on = make.DAY + timedelta(days=day)
    for amount, fee in zip(amounts, fees, strict=True):
        make.expected(account, amount, kind="card_batch", payer=MERCHANT, on=on, fee=fee)
    return [sum(amounts) - sum(fees), amounts[0] - fees[0]]


@pytest.mark.parametrize(("nights", "is_matched"), [(14, False), (3, True)])
def test_a_merchant_that_has_paid_whole_days_is_not_taken_to_pay_one_batch(account, nights, is_matched):
    for day in range(nights):
        whole, _one = _day(account, day)
        assert _usual(account, 10, make.line(whole, description=f"MERCH DEP {MERCHANT}"), night=day + 1)
    _whole, one = _day(account, nights)

    found = _usual(account, 10, make.line(one, description=f"MERCH DEP {MERCHANT}"), night=nights + 2)

    assert bool(found) == is_matched


def test_a_run_that_matches_nothing_teaches_nothing(account):
    make.night(account, make.line(412_37))

    assert MatchRun.objects.get().lessons == {}


def test_what_came_most_often_is_read_first(account):
    """Later runs read so many facts, from the newest on."""
    names = {f"TRC8{number}0017": name for number, name in enumerate(("BIRCH", *["CEDAR"] * 3, "ASTER"))}
    for trace in names:
        make.expected(account, 512_17, trace, kind="remittance", payer="1122334455")
    make.night(account, *(make.line(512_17, trace, counterparty=name) for trace, name in names.items()))

    facts = MatchFact.objects.order_by("-pk").values_list("who", "count")

    assert list(facts) == [("CEDAR", 3), ("ASTER", 1), ("BIRCH", 1)]


def test_nights_add_up(account):
    for night in range(2):
        _usual(account, 2, night=night, payer=MERCHANT, description=f"MERCH DEP {MERCHANT}")

    taught = Lessons.of(MatchRun.objects.values_list("lessons", flat=True))

    assert taught.by_reference == {MERCHANT: 4, "ntrf": 4}
    assert taught.numbered == {MERCHANT: 4}
    assert len(taught.amounts["card_batch"]) == 4


def test_one_line_a_night_teaches_whose_words_they_are(account):
    """A payer's lines have no name, and are written alike; another's item is not paid by them."""
    text = "MOLINA HLTH HCCLAIMPMT"
    for night in range(3):
        make.expected(account, 512_17 + night, f"TRC8{night}0017", kind="remittance", payer="1122334455")
        assert make.night(
            account, make.line(512_17 + night, f"TRC8{night}0017", description=text), night=night
        )
    make.expected(account, 4_711_93, kind="remittance", payer="9988776655")

    assert not _usual(account, 20, make.line(4_711_93, description=text), night=3)


@pytest.mark.parametrize(("payers", "is_matched"), [(["MetLife"], False), (["MetLife", "Bupa"], True)])
def test_words_that_come_often_are_nobodys_where_several_have_paid_by_them(account, payers, is_matched):
    """Lines of one text for which nothing is expected may be of one who pays nothing here."""
    text = "ORDP COOPERATIVE REMI SETTLEMENT"
    for night in range(2):
        told = []
        for number, payer in enumerate(payers):
            minor, trace = 512_17 + 10 * night + number, f"TRC8{night}{number}017"
            make.expected(account, minor, trace, kind="remittance", payer=payer)
            told.append(make.line(minor, trace, description=text if is_matched else ""))
        alike = [make.line(77_013 + 1_009 * n + night, description=text) for n in range(12)]
        assert len(make.night(account, *told, *alike, night=2 * night)) == len(payers)
        assert not _usual(account, 40, night=2 * night + 1)
    make.expected(account, 4_711_93, kind="remittance", payer="MetLife", on=make.DAY + timedelta(days=4))

    found = _usual(account, 40, make.line(4_711_93, description=text), night=4)

    assert bool(found) == is_matched


def test_lines_of_a_kind_that_have_paid_without_a_reference_still_do(account):
    amounts = [90_017 + 7_919 * number for number in range(10)]
    for minor in amounts:
        make.expected(account, minor, kind="card_batch")
    assert len(_usual(account, 60, *(make.line(minor, f"ZQ{minor}") for minor in amounts))) == 10
    make.expected(account, 412_37, kind="card_batch", on=make.DAY + timedelta(days=1))

    assert _usual(account, 60, make.line(412_37, "ZQ77123"), night=1)


@pytest.mark.parametrize(("becomes", "is_matched"), [("nothing", False), ("settled", False), (None, True)])
def test_lines_that_people_settle_are_lines_of_their_merchant_too(account, becomes, is_matched):
    """Half of its lines are no whole day: that people booked them makes whole days no habit."""
    reviewer = make.reviewer(account.facility)
    for night in range(40):
        on = make.DAY + timedelta(days=night)
        amounts = (2_100_00 + 137_00 * night, 3_250_00 + 511_00 * (night * night % 17))
        for amount in amounts:
            make.expected(account, amount, kind="card_batch", payer=MERCHANT, on=on)
        odd = [77_013_17 + 1_009_31 * night] if becomes and night < 39 else []
        lines = [make.line(minor, description=f"MERCH DEP {MERCHANT}") for minor in (sum(amounts), *odd)]
        found = make.night(account, *lines, night=night)
        for line in account.lines.filter(amount_minor__in=odd if becomes == "settled" else []):
            write_match(
                account=account, pass_name="person.suspense", reasons=[], lines=[line.pk], items=[],
                adjustments=[Adjustment("suspense.unidentified", -line.amount_minor, "odd")],
                effective_on=on, actor_id=reviewer.pk,
            )  # fmt: skip

    assert bool(found) == is_matched


def test_a_line_that_stays_open_counts_once(account):
    """Of 21 lines twenty are whole days; what is left over has been open in every night."""
    said = {"description": f"MERCH DEP {MERCHANT}"}
    make.expected(account, 2_100_00, kind="card_batch", payer=MERCHANT)
    make.night(account, make.line(77_013_17, **said))
    for night in range(1, 21):
        on = make.DAY + timedelta(days=night)
        amounts = (2_100_00 + 137_00 * night, 3_250_00 + 511_00 * (night * night % 17))
        for amount in amounts:
            make.expected(account, amount, kind="card_batch", payer=MERCHANT, on=on)
        found = make.night(account, make.line(sum(amounts), **said), night=night)

    taught = Lessons.of([run.lessons for run in MatchRun.objects.order_by("-pk")])
    assert taught.ways[MERCHANT][""] == 21
    assert taught.counted == {*OpenLine.objects.values_list("pk", flat=True)}
    assert "91%" in str([match.reasons for match in found])
