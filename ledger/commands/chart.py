"""Taking a chart of accounts from a file: all of it or nothing."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hms_ach import audit
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import FileRejected, Finding
from ledger.commands.account import create_account
from ledger.formats.chart import read_cells
from ledger.models import Account, Posting
from ledger.rules.chart import RULE, Chart, ChartRow, parents_wrong, read_chart


@dataclass(frozen=True, slots=True)
class ChartPlan:
    """What a file would do to a chart, or did: the totals that control it, and everything wrong.

    by_class  accounts of the file by natural class
    """

    added: tuple[ChartRow, ...]
    changed: tuple[ChartRow, ...]
    n_same: int
    by_class: list[tuple[str, int]]
    findings: tuple[Finding, ...]

    @property
    def n_rows(self) -> int:
        return len(self.added) + len(self.changed) + self.n_same


def plan_chart(*, legal_entity: LegalEntity, content: bytes, today: date) -> ChartPlan:
    """Read a chart and say what it would change; nothing is written.

    content  CSV or XLSX, as docs/ledger.md describes

    Raises FileRejected when the file is neither.
    """
    cells = read_cells(content)
    chart = read_chart(cells.rows, total=cells.total, default_from=today)
    standing = {
        account.number: account
        for account in Account.objects.filter(legal_entity=legal_entity).select_related("parent")
    }
    findings = list(chart.findings) + parents_wrong(
        chart.rows,
        {
            number: (account.natural_class, account.parent.number if account.parent else "")
            for number, account in standing.items()
        },
    )
    added = tuple(row for row in chart.rows if row.number not in standing)
    changed = tuple(row for row in chart.rows if _differs(row, standing.get(row.number)))
    findings += _kept(chart, standing) + _used_later(changed, standing)
    return ChartPlan(
        added=added,
        changed=changed,
        n_same=len(chart.rows) - len(added) - len(changed),
        by_class=chart.by_class,
        findings=tuple(sorted(findings, key=lambda finding: finding.line)),
    )


@transaction.atomic
def import_chart(
    *, legal_entity: LegalEntity, content: bytes, name: str, today: date, actor: User
) -> ChartPlan:
    """Take a chart in: new accounts are added, known ones get the file's name, parent and last day.

    Accounts that the file does not name stay as they are. Raises FileRejected, with every finding, when
    anything at all is wrong; then nothing was changed.
    """
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    plan = plan_chart(legal_entity=legal_entity, content=content, today=today)
    if plan.findings:
        first = plan.findings[0]
        raise FileRejected(first.line, f"{first.field} {first.value!r} {first.problem}", plan.findings)
    for row in plan.added:
        create_account(
            legal_entity=legal_entity,
            number=row.number,
            name=row.name,
            natural_class=row.natural_class,
            normal_side=row.normal_side,
            currency=row.currency,
            active_from=row.active_from,
            active_until=row.active_until,
            actor=actor,
        )
    _hang(legal_entity, (*plan.added, *plan.changed), actor)
    audit.record(
        "ledger.import_chart",
        actor=actor,
        subject=legal_entity,
        after={"file": name, "added": len(plan.added), "changed": len(plan.changed), "same": plan.n_same},
    )
    return plan


def _hang(legal_entity: LegalEntity, rows: tuple[ChartRow, ...], actor: User) -> None:
    """Give accounts their names, last days and places; all of them stand already."""
    accounts = {account.number: account for account in Account.objects.filter(legal_entity=legal_entity)}
    for row in rows:
        account = accounts[row.number]
        parent = accounts[row.parent] if row.parent else None
        if (account.name, account.parent_id, account.active_until) == (
            row.name,
            parent.pk if parent else None,
            row.active_until,
        ):
            continue
        account.name, account.parent, account.active_until = row.name, parent, row.active_until
        audit.attribute(account, actor)
        account.save(update_fields=["name", "parent", "active_until"])


def _differs(row: ChartRow, account: Account | None) -> bool:
    if account is None:
        return False
    parent = account.parent.number if account.parent else ""
    return (row.name, row.parent, row.active_until) != (account.name, parent, account.active_until)


def _kept(chart: Chart, standing: dict[str, Account]) -> list[Finding]:
    """What an account keeps for ever: entries rely on it."""
    findings = []
    for row in chart.rows:
        account = standing.get(row.number)
        if account is None:
            continue
        for column, says, stands in (
            ("class", row.natural_class, account.natural_class),
            ("normal_side", row.normal_side, account.normal_side),
            ("currency", row.currency, account.currency),
        ):
            if says != stands:
                problem = f"is {stands or 'empty'} in the book and stays so; open another account instead"
                findings.append(Finding(row.line, column, says or "", RULE, problem))
    return findings


def _used_later(rows: tuple[ChartRow, ...], standing: dict[str, Account]) -> list[Finding]:
    return [
        Finding(
            row.line,
            "active_until",
            str(row.active_until),
            RULE,
            "has entries on or after that day; let the account end later",
        )
        for row in rows
        if row.active_until
        and Posting.objects.filter(account=standing[row.number], effective_on__gte=row.active_until).exists()
    ]
