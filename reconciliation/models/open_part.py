"""What no match has yet: kept by the database as lines, items and matches come and go."""

from django.db import models

NOTHING = models.DO_NOTHING


class OpenLine(models.Model):
    """A bank line that is in no match, so that a run finds it without reading what is settled.

    Triggers write these rows, in the transaction that imports, matches or undoes; nobody else may.
    """

    line = models.OneToOneField(
        "reconciliation.StatementLine",
        on_delete=NOTHING,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=NOTHING, related_name="+", db_constraint=False
    )


class OpenItem(models.Model):
    """An expected item that is in no match and not withdrawn, and whose account is known. See OpenLine."""

    expectation = models.OneToOneField(
        "reconciliation.Expectation",
        on_delete=NOTHING,
        primary_key=True,
        related_name="+",
        db_constraint=False,
    )
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=NOTHING, related_name="+", db_constraint=False
    )
