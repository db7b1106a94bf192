"""What stands where: one file for a noun, one definition of a function."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
# What ledger entries point at, in all apps.
NO_MODEL = {"kept"}

FIRST = [
    path
    for path in sorted(ROOT.glob("*/migrations/sql/*.sql"))
    + sorted(ROOT.glob("hms_ach/*/migrations/sql/*.sql"))
    if not path.name.endswith((".up.sql", ".down.sql"))
]


def test_each_function_and_trigger_stands_once():
    text = "\n".join(path.read_text() for path in FIRST)

    defined = Counter(re.findall(r"^CREATE (?:CONSTRAINT )?(FUNCTION \w+|TRIGGER \w+)", text, re.MULTILINE))

    assert len(defined) > 250
    assert [name for name, times in defined.items() if times > 1] == []


@pytest.mark.parametrize("path", FIRST, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_is_named_after_models_and_is_run(path):
    app = path.parents[2]

    assert path.stem in NO_MODEL or (app / "models" / f"{path.stem}.py").exists()
    assert f'"{path.stem}"' in (app / "migrations" / "0002_sql.py").read_text()
    assert apps.is_installed(".".join(app.relative_to(ROOT).parts))
