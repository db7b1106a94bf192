"""docs/ledger.md says what the code says: definitions, and worked examples that are tests."""

import re
from pathlib import Path

import pytest

from ledger.rules.definitions import DEFINITIONS
from ledger.rules.movements import MOVEMENTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "ledger.md").read_text()
TESTS = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))


@pytest.mark.parametrize("statement", DEFINITIONS)
def test_each_statements_definition_stands_in_the_book_of_the_accountant(statement):
    assert f"| {DEFINITIONS[statement].title} |" in TEXT
    assert DEFINITIONS[statement].text in TEXT


@pytest.mark.parametrize("name", re.findall(r"`(test_[a-z0-9_]+)`", TEXT))
def test_each_worked_example_is_a_test(name):
    assert f"def {name}(" in TESTS


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[a-z0-9_/]+\.py)`", TEXT))))
def test_each_file_of_tests_named_there_exists(path):
    assert (ROOT / path).is_file()


def test_every_movement_of_receivables_is_explained():
    assert all(f"| {label.lower()}" in TEXT for label, _ in MOVEMENTS.values())
