"""What the import contracts cannot say: one clock, no floats for money, no reading of others' tables."""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("ledger", "billing", "cashiering", "reconciliation")
# Stands above all and may read what it made; a test below has it write by commands only.
DEMO = ROOT / "hms_ach" / "demo"
# People and facilities are named in every signature; their tables are everybody's to read.
KERNEL = ("audit", "outbox", "idempotency", "vault", "files")
CLOCK_READERS = {"today", "now", "utcnow", "localdate", "localtime"}
CLOCKS = {"date", "datetime", "timezone"}


def _sources(*, below: tuple[str, ...] = ("hms_ach", *APPS)) -> list[Path]:
    return [
        path
        for folder in below
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "migrations" not in path.parts
    ]


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def _imports(path: Path):
    """Every module a file imports, with the node."""
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)


def test_only_the_clock_reads_the_time():
    found = [
        _place(path, node)
        for path in _sources()
        if path != ROOT / "hms_ach" / "clock.py"
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCK_READERS
        and isinstance(node.value, ast.Name)
        and node.value.id in CLOCKS
    ]

    assert found == []


def test_nothing_is_kept_in_a_float():
    found = [
        _place(path, node)
        for path in _sources()
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"FloatField", "auto_now", "auto_now_add"}
    ]

    assert found == []


@pytest.mark.parametrize("app", [*APPS, *(f"hms_ach.{name}" for name in KERNEL)])
def test_nobody_else_imports_an_apps_tables(app):
    inside = ROOT / app.replace(".", "/")

    found = sorted(
        {
            _place(path, node)
            for path in _sources()
            if inside not in path.parents and DEMO not in path.parents
            for module, node in _imports(path)
            if f"{module}.".startswith(f"{app}.models.")
        }
    )

    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_an_app_is_entered_through_its_commands_and_queries(app):
    doors = {f"{app}.commands", f"{app}.queries"}
    wiring = {ROOT / "hms_ach" / name for name in ("urls.py", "settings.py")}

    found = sorted(
        {
            f"{_place(path, node)} imports {node.module}"
            for path in _sources()
            if not {ROOT / app, DEMO} & set(path.parents) and path not in wiring
            for module, node in _imports(path)
            if isinstance(node, ast.ImportFrom)
            and f"{node.module}.".startswith(f"{app}.")
            and node.module not in doors
        }
    )

    assert found == []


def test_the_demo_writes_by_commands_only():
    writes = {"create", "bulk_create", "save", "update", "bulk_update", "delete", "get_or_create"}

    found = [
        _place(path, node)
        for path in _sources(below=("hms_ach/demo",))
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writes
    ]

    assert found == []


@pytest.mark.parametrize("app", APPS)
def test_rules_and_formats_know_no_framework(app):
    found = [
        f"{_place(path, node)} imports {module}"
        for kind in ("rules", "formats")
        for path in sorted((ROOT / app / kind).rglob("*.py"))
        for module, node in _imports(path)
        if module.split(".")[0] in {"django", "rest_framework", "celery"}
    ]

    assert found == []


def test_only_wiring_reads_the_environment():
    readers = [ROOT / "hms_ach" / "settings.py", ROOT / "hms_ach" / "supervisor"]
    entries = {"asgi.py", "wsgi.py", "celery.py"}

    found = [
        _place(path, node)
        for path in _sources()
        if not any(reader == path or reader in path.parents for reader in readers)
        and path.name not in entries
        for node in ast.walk(_parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]

    assert found == []


def test_files_stay_readable():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _sources()
        if (lines := len(path.read_text().splitlines())) > 300
    }

    assert long == {}
