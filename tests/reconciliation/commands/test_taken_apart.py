"""What a person took apart teaches nothing, whatever becomes of its lines."""

import pytest

from reconciliation.commands import match_account, undo_match
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(db):
    return make.bank_account(make.hospital())


@pytest.mark.parametrize("is_undone", [True, False])
@pytest.mark.parametrize(
    "said", [{"counterparty": "CEDARPLAN"}, {"description": "CEDAR PLAN PAYS"}], ids=["name", "wording"]
)
def test_who_pays_is_not_learnt_from_what_a_person_took_apart(account, said, is_undone):
    """Three lines of a name were matched to a payer; each is another's, as it turned out, and settled so."""
    eve = make.reviewer(account.facility)
    traces = {f"TRC80{n}0017": 512_17 + n for n in range(3)}
    for trace, minor in traces.items():
        make.expected(account, minor, trace, kind="remittance", payer="1122334455")
    lines = [make.line(minor, trace, **said) for trace, minor in traces.items()]
    wrong = make.night(account, *lines, night=0)
    assert len(wrong) == 3
    if is_undone:
        for match in wrong:
            undo_match(match_id=match.pk, reason="Another payer", actor=eve)
        for trace, minor in traces.items():
            make.expected(account, minor, trace, kind="remittance", payer="9988776655")
        assert len(match_account(account=account).match_ids) == 3
    make.expected(account, 4_711_93, kind="remittance", payer="1122334455")

    found = make.night(account, make.line(4_711_93, **said), night=1)

    assert bool(found) == (not is_undone)


def test_a_name_that_stood_for_a_payer_by_mistake_is_no_strangers(account):
    """A line of that name is matched by its reference to whom it is of."""
    eve = make.reviewer(account.facility)
    lines = []
    for n in range(10):
        name, payer = ("CEDARPLAN", "1122334455") if n < 6 else ("BIRCH BENEFIT", "9988776655")
        make.expected(account, 512_17 + n, f"TRC80{n}0017", kind="remittance", payer=payer)
        lines.append(make.line(512_17 + n, f"TRC80{n}0017", counterparty=name))
    for match in make.night(account, *lines, night=0):
        if match.lines.get().line.counterparty == "CEDARPLAN":
            undo_match(match_id=match.pk, reason="Another payer", actor=eve)
    make.expected(account, 4_711_93, "TRC9017717", kind="remittance", payer="9988776655")

    found = make.night(account, make.line(4_711_93, "TRC9017717", counterparty="CEDARPLAN"), night=1)

    assert [match.pass_name for match in found] == ["reference"]
