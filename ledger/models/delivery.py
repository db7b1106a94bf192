"""Taking GL batches to the general ledger: where to, under which name, and what came of each."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class DeliveryProfile(models.Model):
    """One version of a way to the general ledger, never changed. The highest approved one of a code counts.

    place         a folder below GL_FOLDERS, or host:port/path for SFTP
    host_key      SFTP: the server's public key; another one is refused
    secret        SFTP: private key (PEM) or password
    layout        a name of ledger.formats.LAYOUTS, or "profile:" and the code of an export profile
    name_pattern  how files are called there; rules/delivery.py knows the placeholders
    is_automatic  whether every batch goes this way by itself once it is approved
    """

    class Way(models.TextChoices):
        SFTP = "SFTP", "SFTP"
        FOLDER = "FOLDER", "Folder"

    public_id = PublicIdField(prefix="dpf")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    code = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    way = models.CharField(max_length=6, choices=Way)
    place = models.CharField(max_length=500)
    username = models.CharField(max_length=80, blank=True)
    secret = EncryptedTextField(blank=True)
    host_key = models.TextField(blank=True)
    layout = models.CharField(max_length=40)
    name_pattern = models.CharField(max_length=80)
    is_automatic = models.BooleanField(default=False)
    reason = models.TextField()
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    retired_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "code", "version"], name="ledger_deliveryprofile_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(place="") & ~Q(layout="") & ~Q(name_pattern="") & ~Q(reason=""),
                name="ledger_deliveryprofile_whole",
            ),
            models.CheckConstraint(
                condition=Q(way="FOLDER") | Q(way="SFTP") & ~Q(host_key="") & ~Q(username=""),
                name="ledger_deliveryprofile_pins_its_host",
            ),
            models.CheckConstraint(
                condition=Q(retired_by__isnull=True, retired_at__isnull=True)
                | Q(retired_by__isnull=False, retired_at__isnull=False),
                name="ledger_deliveryprofile_retired_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class DeliveryProfileApproval(models.Model):
    """That somebody who did not write a profile lets it count."""

    profile = models.OneToOneField(DeliveryProfile, on_delete=models.PROTECT, related_name="approval")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()


class GlBatchDelivery(models.Model):
    """A batch's file on its way to one destination. What it takes there is fixed when it is queued.

    destination  the profile's code: a batch goes to each once; going again is another row that says why
    repeat       how often the batch was sent there before
    placing_at   from when on the file may stand there under its name: a try that broke after this is not
                 made again blindly
    asked_by     null for what the system did by itself
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", "Queued"
        FAILED = "FAILED", "Failed, tried again"
        SENT = "SENT", "Sent"
        GIVEN_UP = "GIVEN_UP", "Given up"
        DROPPED = "DROPPED", "Dropped"

    public_id = PublicIdField(prefix="gbd")
    batch = models.ForeignKey("ledger.GlBatch", on_delete=models.PROTECT, related_name="deliveries")
    profile = models.ForeignKey(DeliveryProfile, on_delete=models.PROTECT, related_name="deliveries")
    file = models.ForeignKey("ledger.GlBatchFile", on_delete=models.PROTECT, related_name="+")
    destination = models.CharField(max_length=30)
    repeat = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    remote_name = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    placing_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    queued_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "destination", "repeat"], name="ledger_glbatchdelivery_once"
            ),
            models.CheckConstraint(
                condition=Q(repeat=0) | ~Q(reason="") & Q(asked_by__isnull=False),
                name="ledger_glbatchdelivery_again_says_why",
            ),
            models.CheckConstraint(
                condition=Q(remote_name__regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
                name="ledger_glbatchdelivery_plain_name",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["QUEUED", "FAILED"], finished_at__isnull=True)
                | Q(state__in=["SENT", "GIVEN_UP", "DROPPED"], finished_at__isnull=False),
                name="ledger_glbatchdelivery_finished_whole",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("queued_at")),
                name="ledger_glbatchdelivery_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=["QUEUED", "FAILED"]),
                name="ledger_glbatchdelivery_owed",
            )
        ]

    def __str__(self) -> str:
        return self.remote_name


class GlBatchDeliveryTry(models.Model):
    """One try of a delivery. Append-only. problem is empty for the one that succeeded."""

    delivery = models.ForeignKey(GlBatchDelivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="ledger_glbatchdeliverytry_in_order")
        ]
