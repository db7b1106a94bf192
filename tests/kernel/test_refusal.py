"""What a refusal says."""

import re
from datetime import date
from pathlib import Path

from hms_ach.money import Money
from hms_ach.refusal import Refusal

ROOT = Path(__file__).parents[2]
APPS = ("hms_ach", "ledger", "billing", "cashiering", "reconciliation")
SENTENCE = re.compile(r'^    sentence = (".*"|\((?:\n        .*)*\n    \))', re.MULTILINE)


class TooMuch(Refusal):
    code = "too_much"
    sentence = "{asked} of {held} on {day}, line {line}."


def test_a_refusal_says_money_and_days_as_pages_write_them():
    refused = TooMuch(asked=Money(4_000_00, "USD"), held=Money(500, "JPY"), day=date(2026, 3, 1), line=3)

    assert str(refused) == "$4,000.00 of ¥500 on Mar 1, 2026, line 3."
    assert refused.params["asked"] == Money(4_000_00, "USD")


def test_sentences_name_what_fills_them_and_nothing_of_it():
    """Money and days are words by the time they are filled in: {amount.currency} would break the refusal."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    sentences = [said for path in files for said in SENTENCE.findall(path.read_text())]

    assert len(sentences) > 400
    assert [said for said in sentences if re.search(r"{\w+[^\w}]", said)] == []


def test_no_sentence_puts_digits_and_currency_together_by_itself():
    """Money.in_words does. Files for machines and the heads of reports have plain digits."""
    by_itself = re.compile(r"{(\w+)} {\1\.currency}|{Money\([^(){}]*\)} {|} {currency}")
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    spoken = [path for path in files if not {"formats", "reports"} & set(path.parts)]

    assert [path.name for path in spoken if by_itself.search(path.read_text())] == []
