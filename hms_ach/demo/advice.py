"""What is announced to the demo hospital: an insurer's remittances, and a bank's new number."""

from datetime import date

from cashiering.commands import take_advice_file
from hms_ach import calendars
from hms_ach.demo.bank import Bank
from hms_ach.demo.network import Network
from reconciliation.commands import propose_account_number

_PAYER = ("1310445502", "BLUE PINE HEALTH")
# Trace and amount of each payment; the bank pays none of them before tomorrow.
_PAYMENTS = (("88123", "1240.50"), ("88131", "8412.07"), ("88140", "311.90"))


def announce_money(network: Network, bank: Bank, today: date) -> None:
    """Take in an 835 with three payments of the next banking day."""
    take_advice_file(
        content=_remittances(today, calendars.add_banking_days(today, 1)),
        name=f"blue-pine-{today:%Y%m%d}.835",
        facility=bank.place.facility,
        actor=network.who("reviewer.eve"),
    )


def propose_number(network: Network, bank: Bank) -> None:
    """The bank wrote that an account has another number; a second person has not typed it again yet."""
    propose_account_number(
        account=bank.place.bank_account,
        number="021000099-7654-99",
        reason="First Meadow moved the account to another branch, letter of this week",
        actor=network.who("controller.gil"),
    )


def _remittances(made_on: date, paid_on: date) -> bytes:
    day, parties = f"{made_on:%Y%m%d}", f"ZZ*{'BLUEPINE':15}*ZZ*{'NORTH':15}"
    rows = [
        f"ISA*00*{'':10}*00*{'':10}*{parties}*{made_on:%y%m%d}*0700*^*00501*000000088*0*P*:",
        f"GS*HP*BLUEPINE*NORTH*{day}*0700*88*X*005010X221A1",
    ]
    for number, payment in enumerate(_PAYMENTS, start=1):
        rows += _payment(f"{number:04}", *payment, paid_on)
    rows += [f"GE*{len(_PAYMENTS)}*88", "IEA*1*000000088"]
    return "".join(f"{row}~\n" for row in rows).encode()


def _payment(number: str, trace: str, amount: str, on: date) -> list[str]:
    payer_id, payer = _PAYER
    return [
        f"ST*835*{number}",
        f"BPR*I*{amount}*C*ACH*CCP*01*111000025*DA*123*{payer_id}**01*021000001*DA*456*{on:%Y%m%d}",
        f"TRN*1*{trace}*{payer_id}",
        f"N1*PR*{payer}",
        f"CLP*{trace}-1*1*{amount}*{amount}**12*BP{trace}",
        f"SE*6*{number}",
    ]
