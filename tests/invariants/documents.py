"""The way down from the book: from an entry to the page of the document that caused it."""

import ast
from pathlib import Path

from django.urls import reverse

from hms_ach.web.names import KINDS, name_of
from ledger.models import Entry
from tests.make import access

ROOT = Path(__file__).parents[2]
# What days of business bring about (test_days.py); test_documents.py builds the others.
LIVED = {
    "charge",
    "invoice",
    "payment",
    "payment_void",
    "cash_movement",
    "cash_transfer",
    "over_short",
    "session",
    "deposit",
    "match",
}
APPS = ("billing", "cashiering", "reconciliation", "ledger", "hms_ach")


def kinds_in_code() -> set[str]:
    """Every kind of document that posting code names as the source of an entry."""
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts]
    return {kind for path in files for kind in _kinds(ast.parse(path.read_text()))}


def _kinds(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        given: list = []
        if isinstance(node, ast.Call):
            given = [(each.arg, each.value) for each in node.keywords]
        if isinstance(node, ast.Dict):
            given = [
                (getattr(key, "value", None), value)
                for key, value in zip(node.keys, node.values, strict=True)
            ]
        for name, value in given:
            if name == "source" and isinstance(value, ast.Tuple) and isinstance(value.elts[0], ast.Constant):
                found.add(value.elts[0].value)
    return {kind for kind in found if isinstance(kind, str)}


def opened_documents(*facilities) -> set[str]:
    """The kinds of all entries, after an auditor opened for each kind one entry and its document's page."""
    auditor = access.signed_in(access.user("AUDITOR", facilities=facilities))
    kinds = set()
    for kind, prefix in sorted({(e.source_kind, e.source_id[:3]) for e in Entry.objects.all()}):
        entry = Entry.objects.filter(source_kind=kind, source_id__startswith=prefix).order_by("id").last()
        page = auditor.get(reverse("ledger:entry-detail", args=[entry.public_id]))
        name = name_of(entry.source_id)
        address = name.url or f"{reverse('ledger:entry-list')}?kind={kind}"
        assert page.status_code == 200, kind
        assert address.replace("&", "&amp;") in page.content.decode(), kind
        assert name.url or prefix not in KINDS, kind
        assert auditor.get(address, follow=True).status_code == 200, kind
        kinds.add(kind)
    return kinds
