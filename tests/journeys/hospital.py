"""The hospital of the journeys: one facility with its book, bank account, register, terminal and people."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from threading import Thread

from cashiering.commands import create_register, set_merchant_agreement
from cashiering.gateways.terminal_simulator import SimulatorServer
from hms_ach.access.models import Facility, User
from tests.make import access, billing, ledger
from tests.make import reconciliation as bank

DAY = date(2026, 3, 12)
SCOPES = (
    "invoices:read",
    "invoices:write",
    "payments:read",
    "payments:write",
    "statements:read",
    "statements:write",
    "gl:read",
    "webhooks:manage",
)
STAFF = {
    "ana": ["CASHIER"],
    "cora": ["HEAD_CASHIER"],
    "dan": ["BILLING_CLERK"],
    "eve": ["FINANCE_REVIEWER"],
    "finn": ["FINANCE_APPROVER"],
    "gil": ["CONTROLLER"],
}


@dataclass
class Hospital:
    facility: Facility
    people: dict[str, User] = field(default_factory=dict)


def hospital(*, terminal_address: str = "") -> Hospital:
    """NORTH on DAY, with a register R1, an account NORTH-OP, the payer AETN and the client "engine"."""
    place = Hospital(ledger.book(day=DAY, code="NORTH"))
    for name, roles in STAFF.items():
        place.people[name] = access.user(
            *roles, facilities=[place.facility], username=name, password=access.PASSWORD
        )
    access.api_client(*SCOPES, facilities=[place.facility], client_id="engine")
    billing.payer(place.people["dan"], code="AETN")
    billing.service(place.people["dan"], code="99213")
    bank.bank_account(place.facility, code="NORTH-OP", number="US-1234567890")
    create_register(
        facility=place.facility,
        code="R1",
        name="Front desk",
        terminal_id="TERM1" if terminal_address else "",
        terminal_address=terminal_address,
        actor=place.people["gil"],
    )
    set_merchant_agreement(
        facility=place.facility,
        merchant_id="90000001",
        fee_basis_points=180,
        fee_fixed_minor=10,
        settlement_days=1,
        starts_on=DAY,
        actor=place.people["gil"],
    )
    return place


@contextmanager
def terminal():
    """The address of a simulated card terminal on loopback."""
    with SimulatorServer(0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
