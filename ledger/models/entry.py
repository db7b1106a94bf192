"""The journal: entries and their postings, written once by one statement."""

from typing import Any

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField

# The statement triggers look the row up anyway, and rows of those tables never go (0004, 0020). A foreign key
# would look again for each row, and lock the one row of a busy account or month for everybody.
_HELD_BY_TRIGGER: dict[str, Any] = {
    "on_delete": models.PROTECT,
    "db_constraint": False,
    "db_index": False,
}


class Entry(models.Model):
    """One balanced set of postings. It announces what it contains; the database checks that it does.

    n_postings             how many postings it has, lines 1…n
    total_functional_minor the sum of its debits in the legal entity's functional currency
    content_hash           SHA-256 of what was asked, compared when the same key is posted again
    belongs_on             the earlier day that a late entry belongs to; null when it came in time
    Triggers in migrations/sql/entry.sql refuse whatever does not hold, and every change. No CHECK helps them,
    because PostgreSQL reads each condition from its text again in every statement: seven cost a tenth of an
    entry.
    """

    public_id = PublicIdField(prefix="ent")
    key = models.CharField(max_length=200, unique=True)
    legal_entity = models.ForeignKey("access.LegalEntity", **_HELD_BY_TRIGGER)
    facility = models.ForeignKey("access.Facility", **_HELD_BY_TRIGGER)
    period = models.ForeignKey("ledger.Period", **_HELD_BY_TRIGGER)
    effective_on = models.DateField()
    belongs_on = models.DateField(null=True)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey("access.User", null=True, **_HELD_BY_TRIGGER)
    source_kind = models.CharField(max_length=40)
    source_id = models.CharField(max_length=60)
    memo = models.CharField(max_length=200)
    content_hash = models.BinaryField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by", db_constraint=False
    )
    n_postings = models.SmallIntegerField()
    total_functional_minor = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["source_kind", "source_id"], name="ledger_entry_by_source"),
            models.Index(fields=["facility", "effective_on", "id"], name="ledger_entry_by_day"),
            models.Index(
                fields=["legal_entity", "belongs_on"],
                condition=Q(belongs_on__isnull=False),
                name="ledger_entry_late",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


class Posting(models.Model):
    """One line of an entry: a signed amount on an account, debit positive.

    Legal entity, facility and effective date repeat the entry's, so that balances are read from this
    table alone. reference is the public id of the item a clearing account must return to zero for.
    exchange_rate is null when the amount is in the functional currency already. A line of amount zero
    carries a difference of exchange: it moves the functional value of what stands in its currency.
    """

    entry = models.ForeignKey(Entry, related_name="postings", **_HELD_BY_TRIGGER)
    line = models.SmallIntegerField()
    legal_entity = models.ForeignKey("access.LegalEntity", **_HELD_BY_TRIGGER)
    facility = models.ForeignKey("access.Facility", **_HELD_BY_TRIGGER)
    effective_on = models.DateField()
    account = models.ForeignKey("ledger.Account", **_HELD_BY_TRIGGER)
    role = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    functional_minor = models.BigIntegerField()
    exchange_rate = models.ForeignKey("ledger.ExchangeRate", null=True, **_HELD_BY_TRIGGER)
    department = models.ForeignKey("access.Department", null=True, **_HELD_BY_TRIGGER)
    payer_class = models.CharField(max_length=40, blank=True)
    payer = models.CharField(max_length=60, blank=True)
    tender = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "line"], name="ledger_posting_line_once")]
        indexes = [
            models.Index(
                fields=["account", "effective_on", "id"],
                include=["facility", "currency", "amount_minor", "functional_minor"],
                name="ledger_posting_by_account",
            ),
            models.Index(
                fields=["role", "reference"],
                include=["legal_entity", "facility", "currency", "amount_minor", "effective_on"],
                condition=~Q(reference=""),
                name="ledger_posting_by_reference",
            ),
            models.Index(
                fields=["payer"],
                include=["facility", "currency", "amount_minor"],
                condition=Q(role="liability.patient_deposits"),
                name="ledger_posting_held_for_payer",
            ),
        ]
