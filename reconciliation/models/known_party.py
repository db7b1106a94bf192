"""Who pays what is expected, and by what name."""

from django.db import models


class KnownParty(models.Model):
    """A payer, terminal or merchant of something expected: looked for in what banks write. Append-only.

    payer        as Expectation.payer
    name         the payer's name, as its own remittances and files give it
    numbered_by  what its batches are numbered by: the terminal, or else the payer's own number
    """

    payer = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120, blank=True)
    numbered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payer", "name", "numbered_by"], name="reconciliation_knownparty_once"
            ),
        ]
