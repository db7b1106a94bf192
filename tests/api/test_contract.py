"""The API keeps to its own description, whatever is sent: requests generated from docs/openapi.yaml."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
import time_machine
from hypothesis import HealthCheck, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from hms_ach.access.scopes import SCOPES
from hms_ach.api.throttles import ClientThrottle
from tests.make import access, reconciliation
from tests.make import cashiering as make
from tests.make import ledger as book

API = schemathesis.openapi.from_path(Path(__file__).parents[2] / "docs/openapi.yaml")
# A description cannot say which facilities and ids there are: what is well-formed may still be refused.
EXCEPT = [positive_data_acceptance]
UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture
def morning():
    """11:00 in New York on the day whose books are open."""
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        yield


@pytest.fixture
def hospital(site, morning, monkeypatch):
    """A hospital with one of everything: its address, a bearer with every scope, and ids by kind."""
    monkeypatch.setattr(ClientThrottle, "THROTTLE_RATES", {"client": "1000000/min"})
    till = make.till(code="NORTH")
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(20_00))
    account = reconciliation.bank_account(till.facility)
    reconciliation.statement(account, reconciliation.line(20_00))
    batch = book.released_batch(till.facility)
    client = access.api_client(*SCOPES, facilities=[till.facility], client_id="contract")
    ids = {
        "invoices": make.invoice(till, 30_00).public_id,
        "payments": payment.public_id,
        "sessions": session.public_id,
        "gl-batches": batch.public_id,
    }
    return site, f"Bearer {access.token(client)}", ids


@pytest.mark.journey
@API.parametrize()
@settings(max_examples=3, **UNHURRIED)
def test_whatever_is_sent_the_answer_is_as_described(case, hospital):
    ask(case, hospital)


@pytest.mark.nightly
@API.parametrize()
@settings(max_examples=1000, **UNHURRIED)
def test_a_thousand_requests_of_each_kind_are_answered_as_described(case, hospital):
    ask(case, hospital)


def ask(case, hospital) -> None:
    """Send it, with an id that exists where the generated one is as good as any, and check the answer."""
    site, bearer, ids = hospital
    kind = case.operation.path.split("/")[3]
    is_fit = case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE
    if is_fit and kind in ids and "public_id" in case.path_parameters:
        case.path_parameters["public_id"] = ids[kind]
    case.call_and_validate(base_url=site, headers={"Authorization": bearer}, excluded_checks=EXCEPT)
