"""Money that moved between two of our own bank accounts."""

from django.db import models

PROTECT = models.PROTECT


class Sweep(models.Model):
    """The matches of both banks' lines of one movement. Append-only.

    The database holds that they are of two accounts and of opposite amounts, and that both are undone
    or neither.
    """

    outgoing = models.OneToOneField("reconciliation.Match", on_delete=PROTECT, related_name="sweep_out")
    incoming = models.OneToOneField("reconciliation.Match", on_delete=PROTECT, related_name="sweep_in")
