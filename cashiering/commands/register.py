"""Registers, the limits at them, and the contract with the card acquirer."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from cashiering.models import MerchantAgreement, Register, TillPolicy
from cashiering.rules.denominations import faces_of
from cashiering.rules.printer_address import host_and_port
from cashiering.rules.tenders import KINDS, TenderUnknown
from hms_ach import audit
from hms_ach.access.models import Department, Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class RegisterCodeTaken(Refusal):
    code = "register_code_taken"
    sentence = "{facility} already has a register {register}. Choose another code."


class RegisterInUse(Refusal):
    code = "register_in_use"
    sentence = "Register {register} has a session that is not finished. Close it before taking it away."


class DepartmentElsewhere(Refusal):
    code = "department_elsewhere"
    status = 422
    sentence = "{department} is not a department of {facility}. Choose one of its own, or none."


class PolicyOutOfOrder(Refusal):
    code = "policy_out_of_order"
    status = 422
    sentence = "No limit is below zero, and what a head cashier may is at least what a cashier may alone."


class CoinUnknown(Refusal):
    code = "coin_unknown"
    status = 422
    sentence = "There is no coin of {coin}. Name the smallest coin that is still in use."


@transaction.atomic
def create_register(
    *,
    facility: Facility,
    code: str,
    name: str,
    default_float_minor: int = 200_00,
    drawer_limit_minor: int = 1_000_00,
    terminal_id: str = "",
    terminal_address: str = "",
    printer_address: str = "",
    department: Department | None = None,
    allowed_tenders: Collection[str] = (),
    actor: User,
) -> Register:
    """A new cash point in the facility's currency.

    printer_address  host:port of its receipt printer; empty without one
    department       whose cash point it is, as the cash book tells it
    allowed_tenders  kinds of tender that it takes and gives back; all when empty

    Raises RegisterCodeTaken, PrinterAddressMalformed, DepartmentElsewhere or TenderUnknown.
    """
    _refuse_elsewhere(facility, department)
    tenders = _known(allowed_tenders)
    if printer_address:
        host_and_port(printer_address)
    if Register.objects.filter(facility=facility, code=code).exists():
        raise RegisterCodeTaken(facility=facility.code, register=code)
    register = Register.objects.create(
        facility=facility,
        code=code,
        name=name,
        currency=facility.currency,
        default_float_minor=default_float_minor,
        drawer_limit_minor=drawer_limit_minor,
        terminal_id=terminal_id,
        terminal_address=terminal_address,
        printer_address=printer_address,
        department=department,
        allowed_tenders=tenders,
    )
    audit.record("cashiering.create_register", actor=actor, subject=register, facility=facility)
    return register


@transaction.atomic
def change_register(
    *,
    register: Register,
    name: str,
    default_float_minor: int,
    drawer_limit_minor: int,
    terminal_id: str,
    terminal_address: str,
    printer_address: str,
    is_active: bool,
    department: Department | None = None,
    allowed_tenders: Collection[str] = (),
    actor: User,
) -> Register:
    """Change a cash point for sessions to come; its printer and its tenders at once.

    allowed_tenders  kinds of tender that it takes and gives back; all when empty

    Raises RegisterInUse when a busy one is taken away, PrinterAddressMalformed, DepartmentElsewhere or
    TenderUnknown.
    """
    _refuse_elsewhere(register.facility, department)
    tenders = _known(allowed_tenders)
    if printer_address:
        host_and_port(printer_address)
    busy = register.sessions.filter(counted_minor__isnull=True).exists()
    if not is_active and busy:
        raise RegisterInUse(register=register.code)
    before = _told(register)
    register.name = name
    register.default_float_minor = default_float_minor
    register.drawer_limit_minor = drawer_limit_minor
    register.terminal_id = terminal_id
    register.terminal_address = terminal_address
    register.printer_address = printer_address
    register.department = department
    register.allowed_tenders = tenders
    register.is_active = is_active
    register.save()
    audit.record(
        "cashiering.change_register",
        actor=actor,
        subject=register,
        facility=register.facility,
        before=before,
        after=_told(register),
    )
    return register


def _refuse_elsewhere(facility: Facility, department: Department | None) -> None:
    if department is not None and department.facility_id != facility.pk:
        raise DepartmentElsewhere(department=department.name, facility=facility.code)


def _known(kinds: Collection[str]) -> list[str]:
    """In the order of the register's page; none of them named is all of them. Raises TenderUnknown."""
    for kind in kinds:
        if kind not in KINDS:
            raise TenderUnknown(kind=repr(kind)[:20], kinds=", ".join(KINDS))
    return [kind for kind in KINDS if kind in kinds]


def _told(register: Register) -> dict[str, object]:
    """What the audit trail keeps of a change."""
    return {
        "name": register.name,
        "limit": register.drawer_limit_minor,
        "active": register.is_active,
        "printer": register.printer_address,
        "department": register.department.code if register.department else "",
        "tenders": register.allowed_tenders,
    }


class ShiftLengthUnknown(Refusal):
    code = "shift_length_unknown"
    status = 422
    sentence = "A shift of {hours} hours cannot be. Give 1 to 24 hours, or none for shifts of any length."


@transaction.atomic
def set_till_policy(
    *,
    facility: Facility,
    variance_free_minor: int,
    variance_supervisor_minor: int,
    void_alone_minor: int,
    paid_out_limit_minor: int,
    refund_alone_minor: int = 0,
    refund_supervisor_minor: int = 500_00,
    cheque_fee_minor: int = 25_00,
    shift_hours: int | None = 12,
    cash_coin_minor: int = 1,
    actor: User,
) -> TillPolicy:
    """Set the facility's limits at the till, in minor units.

    shift_hours      the longest shift, 1 to 24 hours; None for any length
    cash_coin_minor  the smallest coin in use, to which what is paid in cash is rounded; 1 rounds nothing

    Raises PolicyOutOfOrder, ShiftLengthUnknown or CoinUnknown.
    """
    if cash_coin_minor != 1 and cash_coin_minor not in faces_of(facility.currency):
        raise CoinUnknown(coin=Money(cash_coin_minor, facility.currency))
    limits = {
        "variance_free_minor": variance_free_minor,
        "variance_supervisor_minor": variance_supervisor_minor,
        "void_alone_minor": void_alone_minor,
        "paid_out_limit_minor": paid_out_limit_minor,
        "refund_alone_minor": refund_alone_minor,
        "refund_supervisor_minor": refund_supervisor_minor,
        "cheque_fee_minor": cheque_fee_minor,
        "cash_coin_minor": cash_coin_minor,
    }
    is_in_order = variance_supervisor_minor >= variance_free_minor
    if min(limits.values()) < 0 or not is_in_order or refund_supervisor_minor < refund_alone_minor:
        raise PolicyOutOfOrder()
    if shift_hours is not None and not 1 <= shift_hours <= 24:
        raise ShiftLengthUnknown(hours=shift_hours)
    after = {**limits, "shift_hours": shift_hours}
    policy, _is_new = TillPolicy.objects.update_or_create(facility=facility, defaults=after)
    audit.record("cashiering.set_till_policy", actor=actor, subject=facility, facility=facility, after=after)
    return policy


def till_policy(facility_id: int) -> TillPolicy:
    """The facility's limits, or the defaults when none were set. One SQL query."""
    return TillPolicy.objects.filter(facility_id=facility_id).first() or TillPolicy(facility_id=facility_id)


class AgreementOverlaps(Refusal):
    code = "agreement_overlaps"
    status = 422
    sentence = (
        "{facility} has an agreement from {day} on, and two cannot hold on one day. "
        "Give a first day after {day}."
    )


def coin_of(facility: Facility) -> int:
    """The smallest coin that the facility uses, in minor units; 1 where none was set.

    No query for a facility that was read with its till_policy.
    """
    policy: TillPolicy | None = getattr(facility, "till_policy", None)
    return policy.cash_coin_minor if policy else 1


@transaction.atomic
def set_merchant_agreement(
    *,
    facility: Facility,
    merchant_id: str,
    fee_basis_points: int,
    fee_fixed_minor: int,
    settlement_days: int,
    starts_on: date,
    actor: User,
) -> MerchantAgreement:
    """Record a new contract with the acquirer; the one before ends where it starts.

    settlement_days  banking days from the batch close until it is paid

    Raises AgreementOverlaps unless it starts after the one before; the database refuses overlaps too.
    """
    current = MerchantAgreement.objects.select_for_update().filter(facility=facility, ends_on=None).first()
    if current is not None:
        if starts_on <= current.starts_on:
            raise AgreementOverlaps(facility=facility.code, day=current.starts_on)
        current.ends_on = starts_on
        current.save()
    agreement = MerchantAgreement.objects.create(
        facility=facility,
        merchant_id=merchant_id,
        fee_basis_points=fee_basis_points,
        fee_fixed_minor=fee_fixed_minor,
        settlement_days=settlement_days,
        starts_on=starts_on,
    )
    audit.record(
        "cashiering.set_merchant_agreement",
        actor=actor,
        subject=facility,
        facility=facility,
        after={"merchant": merchant_id, "basis_points": fee_basis_points, "fixed": fee_fixed_minor},
    )
    return agreement
