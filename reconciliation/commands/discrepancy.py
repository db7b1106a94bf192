"""Finding what does not agree, and who looks after it."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from hms_ach import audit, clock, files
from hms_ach.access.models import User
from reconciliation.commands.announced import announced_rows
from reconciliation.commands.opening import open_all
from reconciliation.models import (
    BankAccount,
    Discrepancy,
    DiscrepancyFile,
    Note,
    Statement,
    StatementLine,
    Suggestion,
)
from reconciliation.queries.account_profile import profile_of
from reconciliation.queries.original import original_of
from reconciliation.queries.sweep import sweep_words
from reconciliation.rules.statement_calendar import due_days

_LINES = """
    SELECT line.id, line.amount_minor, line.booked_on, line.currency, pair.expectation_id, pair.item_minor,
           (SELECT count(*) FROM reconciliation_suggestion near WHERE near.line_id = line.id)
      FROM reconciliation_openline open JOIN reconciliation_statementline line ON line.id = open.line_id
      LEFT JOIN LATERAL (
        SELECT near.expectation_id, item.amount_minor AS item_minor
          FROM reconciliation_suggestion near
          JOIN reconciliation_expectation item ON item.id = near.expectation_id
         WHERE near.line_id = line.id AND near.pass_name = 'reference'
           AND item.amount_minor <> line.amount_minor
           AND NOT EXISTS (SELECT FROM reconciliation_suggestion other
                            WHERE other.expectation_id = near.expectation_id AND other.line_id <> line.id
                              AND other.pass_name = 'reference')
           AND NOT EXISTS (SELECT FROM reconciliation_discrepancy waits
                            WHERE waits.expectation_id = near.expectation_id AND waits.state <> 'APPROVED')
         ORDER BY near.score DESC, near.id LIMIT 1) pair ON true
     WHERE open.account_id = %(account)s AND line.booked_on < %(today)s
       AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                        WHERE found.line_id = line.id AND found.state <> 'APPROVED')
     ORDER BY line.id
"""
# Those of an account from what is open there, not from all that ever was; and those that no account takes.
_ITEMS = """
    SELECT item.id, item.kind, item.amount_minor, item.latest_on, item.currency, item.facility_id,
           item.account_id
      FROM (
        SELECT open.expectation_id AS id
          FROM reconciliation_bankaccount account
          JOIN reconciliation_openitem open ON open.account_id = account.id
         WHERE account.facility_id = ANY(%(facilities)s)
        UNION ALL
        SELECT id FROM reconciliation_expectation nowhere
         WHERE nowhere.account_id IS NULL AND nowhere.withdrawn_at IS NULL
           AND nowhere.facility_id = ANY(%(facilities)s)
           AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                            WHERE part.expectation_id = nowhere.id AND part.undo_id IS NULL)) awaited
     CROSS JOIN LATERAL (SELECT * FROM reconciliation_expectation WHERE id = awaited.id OFFSET 0) item
     WHERE item.facility_id = ANY(%(facilities)s) AND item.latest_on < %(today)s
       AND NOT EXISTS (SELECT FROM reconciliation_discrepancy found
                        WHERE found.expectation_id = item.id AND found.state <> 'APPROVED')
     ORDER BY item.id
"""
_OF_A_LINE = ("UNMATCHED_CREDIT", "UNMATCHED_DEBIT")
_SAYS_CANDIDATES = re.compile(r"(No|One|[0-9]+) candidate")
_ITEM_KINDS = {
    "deposit": "UNMATCHED_DEPOSIT",
    "card_batch": "UNMATCHED_CARD_BATCH",
    "remittance": "UNMATCHED_REMITTANCE",
}


@transaction.atomic
def open_discrepancies(
    *, account: BankAccount, today: date, duplicates: Collection[tuple[int, int]] = ()
) -> int:
    """Open what is past its window on one account; how many. Emits `discrepancy.opened` for each.

    today       the facility's day: a line counts from the day after it was booked, an expected item
                from the day after its window
    duplicates  (line, the line it repeats), as the matching found them
    """
    tell_candidates(account)
    rows = [
        *_of_lines(account, today, dict(duplicates)),
        *_of_missing_statements(account, today),
        *announced_rows(account),
    ]
    # What a line takes as its difference is not also opened as late.
    taken = {row["expectation_id"] for row in rows if row.get("expectation_id")}
    rows += [row for row in _of_items(account.facility_id, today) if row["expectation_id"] not in taken]
    return len(open_all(rows))


def _of_lines(account: BankAccount, today: date, duplicates: dict[int, int]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"account": account.pk, "today": today})
        found = cursor.fetchall()
    rows, paired = [], set()
    transfers = sweep_words(account, [row[0] for row in found])
    for line_id, minor, booked_on, currency, item_id, item_minor, candidates in found:
        kind = "UNMATCHED_CREDIT" if minor > 0 else "UNMATCHED_DEBIT"
        amount, expectation_id = minor, None
        reasons = [_candidates(candidates)]
        if line_id in duplicates:
            kind, reasons = "DUPLICATE", ["The bank's reference, amount and counterparty came before."]
        elif item_id is not None and item_id not in paired:
            kind, amount, expectation_id = "AMOUNT_DIFFERENCE", minor - item_minor, item_id
            reasons = ["The reference is the item's, the amount is not."]
            paired.add(item_id)
        elif original := original_of(StatementLine.objects.get(pk=line_id)):
            kind = "RETURNED"
            reasons = [f"Takes back what was booked on {clock.in_words(original.line.booked_on)}."]
        elif line_id in transfers:
            reasons.append(transfers[line_id])
        rows.append(
            {
                "kind": kind,
                "facility_id": account.facility_id,
                "account_id": account.pk,
                "line_id": line_id,
                "expectation_id": expectation_id,
                "due_on": booked_on,
                "amount_minor": amount,
                "currency": currency,
                "reasons": reasons,
            }
        )
    return rows


def _candidates(count: int) -> str:
    if not count:
        return "No candidate."
    return "One candidate, not certain." if count == 1 else f"{count} candidates, none of them certain."


def tell_candidates(account: BankAccount) -> None:
    """Let what waits say how many candidates it has by now. Two queries, and one to change it."""
    counts = Counter(Suggestion.objects.filter(account=account).values_list("line_id", flat=True))
    rows = Discrepancy.objects.filter(account=account, kind__in=_OF_A_LINE, state__in=("OPEN", "REJECTED"))
    changed = []
    for row in rows.order_by("id"):
        says = _candidates(counts[row.line_id or 0])
        if row.reasons and row.reasons[0] != says and _SAYS_CANDIDATES.match(row.reasons[0]):
            row.reasons[0] = says
            changed.append(row)
    Discrepancy.objects.bulk_update(changed, ["reasons"], batch_size=1_000)


def _of_items(facility_id: int, today: date) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"facilities": [facility_id], "today": today})
        found = cursor.fetchall()
    return [
        {
            "kind": _ITEM_KINDS.get(kind, "UNMATCHED_PAYMENT"),
            "facility_id": facility,
            "account_id": account,
            "expectation_id": item_id,
            "due_on": latest_on,
            "amount_minor": -minor,
            "currency": currency,
            "reasons": [f"The bank should have shown it by {clock.in_words(latest_on)}."],
        }
        for item_id, kind, minor, latest_on, currency, facility, account in found
    ]


def _of_missing_statements(account: BankAccount, today: date) -> list[dict[str, Any]]:
    """Days before today, of the last thirty-five, on which a statement was due by the account's calendar."""
    first = max(account.opened_on, today - timedelta(days=35))
    due = due_days(profile_of(account).calendar, first=first, before=today, country=account.country)
    covered = Statement.objects.filter(account=account, to_on__gte=first).values_list("from_on", "to_on")
    spans = list(covered)
    known = set(
        Discrepancy.objects.filter(account=account, kind="STATEMENT_MISSING").values_list("due_on", flat=True)
    )
    return [
        {
            "kind": "STATEMENT_MISSING",
            "facility_id": account.facility_id,
            "account_id": account.pk,
            "due_on": day,
            "amount_minor": None,
            "currency": account.currency,
            "reasons": [f"No statement of {account.code} covers {clock.in_words(day)}."],
        }
        for day in due
        if day not in known and not any(from_on <= day <= to_on for from_on, to_on in spans)
    ]


@transaction.atomic
def assign_discrepancy(*, discrepancy_id: int, owner: User | None, actor: User) -> Discrepancy:
    """Say who looks after it; None for nobody."""
    row = Discrepancy.objects.select_for_update().get(pk=discrepancy_id)
    before = {"owner": row.owner_id}
    row.owner = owner
    row.save(update_fields=["owner"])
    audit.record(
        "reconciliation.assign_discrepancy",
        actor=actor,
        subject=row,
        before=before,
        after={"owner": row.owner_id},
    )
    return row


@transaction.atomic
def write_note(*, discrepancy_id: int, text: str, actor: User) -> Note:
    """Add a remark; remarks stay."""
    note = Note.objects.create(
        discrepancy_id=discrepancy_id, text=text.strip(), written_by=actor, written_at=clock.now()
    )
    audit.record("reconciliation.write_note", actor=actor, subject=note.discrepancy)
    return note


@transaction.atomic
def attach_file(*, discrepancy_id: int, file_id: str, actor: User) -> DiscrepancyFile:
    """Keep a stored file with a discrepancy; what was attached stays.

    file_id  of a file that was stored for the discrepancy's facility
    """
    found = Discrepancy.objects.get(pk=discrepancy_id)
    stored = files.file_named(file_id)
    assert stored.facility_id == found.facility_id
    attached = DiscrepancyFile.objects.create(
        discrepancy=found, file=stored, attached_by=actor, attached_at=clock.now()
    )
    audit.record("reconciliation.attach_file", actor=actor, subject=found, after={"file": file_id})
    return attached
