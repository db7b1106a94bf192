"""Bank statements as JSON."""

from typing import Any

from rest_framework import serializers

from hms_ach.api import MoneyField
from hms_ach.money import Money
from reconciliation.models import InterimReport, Statement, StatementLine
from reconciliation.queries import lines_of

MAX_SHOWN_LINES = 10_000


class _FindingShown(serializers.Serializer):
    line = serializers.IntegerField()
    field = serializers.CharField()
    value = serializers.CharField()
    problem = serializers.CharField()
    rule = serializers.CharField()
    is_fatal = serializers.BooleanField()
    switch = serializers.CharField(help_text="The deviation that the account's profile may allow, if any.")


class _StatementLineShown(serializers.Serializer):
    position = serializers.IntegerField()
    bank_reference = serializers.CharField(help_text="Empty when the bank gave none.")
    booked_on = serializers.DateField()
    value_on = serializers.DateField()
    amount = MoneyField(help_text="Negative for a debit.")
    references = serializers.ListField(child=serializers.CharField())
    is_reversal = serializers.BooleanField()
    code = serializers.CharField()


class StatementSummary(serializers.Serializer):
    """A statement without its lines."""

    id = serializers.CharField()
    account = serializers.CharField()
    facility = serializers.CharField()
    statement = serializers.CharField()
    page = serializers.IntegerField(help_text="Of a statement that came in several files; else 1.")
    is_last_page = serializers.BooleanField()
    format = serializers.CharField(help_text="camt, bai2, mt940, ofx, csv or xlsx.")
    sequence = serializers.IntegerField(allow_null=True)
    from_on = serializers.DateField()
    to_on = serializers.DateField()
    opening = MoneyField(allow_null=True)
    closing = MoneyField(allow_null=True)
    booked = MoneyField(allow_null=True)
    line_count = serializers.IntegerField()
    known_line_count = serializers.IntegerField(help_text="Lines that earlier statements had brought.")
    findings = _FindingShown(many=True)
    sha256 = serializers.CharField()
    imported_at = serializers.DateTimeField()

    def to_representation(self, row: Statement) -> dict[str, Any]:
        return _shown(row)


class InterimReportDocument(serializers.Serializer):
    """A report that announces entries; they move no balance until a statement brings them."""

    id = serializers.CharField()
    account = serializers.CharField()
    kind = serializers.CharField(help_text="INTERIM, NOTICE, or PENDING on a statement.")
    report = serializers.CharField()
    from_on = serializers.DateField()
    to_on = serializers.DateField()
    entry_count = serializers.IntegerField()
    sha256 = serializers.CharField()

    def to_representation(self, row: InterimReport) -> dict[str, Any]:
        return {
            "id": row.public_id,
            "account": row.account.code,
            "kind": row.kind,
            "report": row.report_id,
            "from_on": row.from_on.isoformat(),
            "to_on": row.to_on.isoformat(),
            "entry_count": row.entry_count,
            "sha256": row.sha256,
        }


class StatementDocument(StatementSummary):
    """A statement with the first ten thousand of its own lines; the original has them all."""

    lines = _StatementLineShown(many=True)

    def to_representation(self, row: Statement) -> dict[str, Any]:
        return {**_shown(row), "lines": [_line(line) for line in lines_of(row)[:MAX_SHOWN_LINES]]}


def _shown(row: Statement) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "account": row.account.code,
        "facility": row.account.facility.code,
        "statement": row.statement_id,
        "page": row.page,
        "is_last_page": row.is_last_page,
        "format": row.format,
        "sequence": row.sequence,
        "from_on": row.from_on.isoformat(),
        "to_on": row.to_on.isoformat(),
        "opening": _money(row.opening_minor, row.currency),
        "closing": _money(row.closing_minor, row.currency),
        "booked": _money(row.booked_minor, row.currency),
        "line_count": row.line_count,
        "known_line_count": row.known_line_count,
        "findings": [{"switch": "", **finding} for finding in row.findings],
        "sha256": row.sha256,
        "imported_at": row.imported_at.isoformat(),
    }


def _line(line: StatementLine) -> dict[str, Any]:
    return {
        "position": line.position,
        "bank_reference": "" if line.bank_reference.startswith("~") else line.bank_reference,
        "booked_on": line.booked_on.isoformat(),
        "value_on": line.value_on.isoformat(),
        "amount": _money(line.amount_minor, line.currency),
        "references": line.references,
        "is_reversal": line.is_reversal,
        "code": line.code,
    }


def _money(minor: int | None, currency: str) -> dict[str, str] | None:
    return None if minor is None else Money(minor, currency).as_json()
