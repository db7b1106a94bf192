"""The table of posting rules: each row can be followed, and roles and documents are known."""

from importlib import import_module

import pytest

from ledger.rules.entry_source import rule_of
from ledger.rules.posting_rules import RULES
from ledger.rules.roles import ROLES
from reconciliation.rules.clearing import PURPOSES, SUSPENSE


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.event)
def test_each_rule_explains_its_own_postings_and_not_their_mirror(rule):
    assert {*rule.debit, *rule.credit} <= ROLES
    for debit in rule.debit:
        for credit in set(rule.credit) - {debit}:
            assert rule_of(rule.source, [debit], [credit]) is not None
    assert rule_of("nonsense", rule.debit, rule.credit) is None
    assert rule_of(rule.source, [*rule.debit, "equity.unrestricted"], rule.credit) is None


@pytest.mark.parametrize(
    "source, debit, credit, event",
    [
        ("charge", "receivable.unbilled", "revenue.patient_services", "A charge is recorded"),
        ("invoice", "receivable.insurer", "receivable.unbilled", "An invoice is issued"),
        ("payment", "card.clearing", "receivable.patient", "Money is received"),
        ("payment", "cash.drawer", "liability.patient_deposits", "Money is received"),
        (
            "payment",
            "fx.gain_loss",
            "receivable.patient",
            "Foreign notes are taken at the day's rate, and change is our own",
        ),
        (
            "refund_payout",
            "rounding.cash",
            "cash.drawer",
            "A cash refund goes back in foreign notes, or to the smallest coin",
        ),
        ("over_short", "cash.over_short", "cash.drawer", "A drawer holds less than expected"),
        ("over_short", "cash.drawer", "cash.over_short", "A drawer holds more than expected"),
        ("session", "cash.safe", "cash.drawer", "An approved session's cash goes to the safe"),
        ("deposit", "deposit.in_transit", "cheque.drawer", "A deposit leaves for the bank"),
        ("match", "bank.operating", "card.clearing", "The bank credits what was expected"),
        ("match", "fee.merchant", "bank.operating", "The bank debits a fee, a return or a refund"),
        ("match", "bank.operating", "remittance.clearing", "The bank credits what was expected"),
        (
            "suspense_clearing",
            "suspense.unidentified",
            "receivable.patient",
            "Money in suspense finds its place",
        ),
        (
            "suspense_clearing",
            "suspense.unidentified",
            "refund.clearing",
            "Money in suspense finds its place",
        ),
        (
            "suspense_clearing",
            "fee.merchant",
            "suspense.unidentified",
            "What is missing in suspense is explained",
        ),
        ("remittance", "remittance.clearing", "receivable.insurer", "A remittance pays a claim"),
        (
            "remittance",
            "receivable.patient",
            "receivable.insurer",
            "A remittance moves the patient's share (PR)",
        ),
        ("remittance", "remittance.clearing", "income.interest", "A payer pays interest (PLB L6)"),
        (
            "remittance",
            "receivable.insurer",
            "remittance.clearing",
            "A remittance reverses a claim that was paid",
        ),
        (
            "remittance",
            "remittance.clearing",
            "liability.payer_takebacks",
            "What a reversal takes back is carried forward (PLB FB, WO)",
        ),
        (
            "remittance",
            "liability.payer_takebacks",
            "remittance.clearing",
            "A payer keeps back what was carried forward (PLB FB, WO)",
        ),
        ("refund", "liability.patient_deposits", "refund.clearing", "A refund is sent"),
        ("affiliate", "bank.operating", "affiliate.due_to", "Another entity's money is received"),
    ],
)
def test_what_the_table_says_of_known_events(source, debit, credit, event):
    assert rule_of(source, [debit], [credit]).event == event


def test_receiving_money_never_credits_revenue():
    assert rule_of("payment", ["cash.drawer"], ["revenue.patient_services"]) is None


def test_a_rule_that_is_followed_names_a_command_that_is_there():
    for rule in RULES:
        if rule.command:
            app, _dot, name = rule.command.partition(".")
            assert callable(getattr(import_module(f"{app}.commands"), name)), rule.event


@pytest.mark.parametrize("purpose", PURPOSES)
def test_each_purpose_of_suspense_follows_a_rule(purpose):
    other = PURPOSES[purpose].role or "receivable.insurer"
    sides = [SUSPENSE], [other]

    source = "affiliate" if purpose == "AFFILIATE" else "suspense_clearing"
    assert rule_of(source, *(sides if PURPOSES[purpose].is_receipt else sides[::-1]))
