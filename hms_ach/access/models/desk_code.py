"""What a person agrees with at somebody else's screen: a PIN, a badge; and every try."""

from django.db import models
from django.db.models import Q


class DeskCode(models.Model):
    """One person's PIN and badge. Both are kept as hashes only.

    pin_hash    as passwords are hashed
    badge_hash  keyed, so that a scanned code finds its person

    What an administrator enrolled waits in waiting_hash until its owner has scanned it, too.
    """

    user = models.OneToOneField("access.User", on_delete=models.PROTECT, related_name="desk_code")
    pin_hash = models.CharField(max_length=128, blank=True)
    badge_hash = models.CharField(max_length=64, blank=True)
    pin_set_at = models.DateTimeField(null=True)
    badge_set_at = models.DateTimeField(null=True)
    waiting_hash = models.CharField(max_length=64, blank=True)
    waiting_since = models.DateTimeField(null=True)
    enrolled_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["badge_hash"], condition=~Q(badge_hash=""), name="access_desk_code_badge_once"
            ),
            models.UniqueConstraint(
                fields=["waiting_hash"], condition=~Q(waiting_hash=""), name="access_desk_code_waiting_once"
            ),
            models.CheckConstraint(
                condition=Q(waiting_hash="") | Q(waiting_since__isnull=False, enrolled_by__isnull=False),
                name="access_desk_code_waiting_by_somebody",
            ),
        ]


class DeskAttempt(models.Model):
    """One try to agree at a screen: who worked there, whose code it was, and whether it was right.

    Written once. person is empty for a name or badge that nobody has.
    """

    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    is_right = models.BooleanField()
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="access_desk_attempt_asked"),
            models.Index(fields=["person", "-id"], name="access_desk_attempt_person"),
        ]
