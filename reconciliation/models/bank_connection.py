"""How files come from banks by themselves."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class BankConnection(models.Model):
    """A way to a bank's files. Nothing at the bank is ever deleted or moved.

    place        a folder below BANK_FOLDERS, or host:port/path for SFTP, or https:// address of a list
    host_key     SFTP: the server's public key; another one is refused
    secret       SFTP: private key (PEM) or password; HTTPS: certificate and private key (PEM)
    authorities  HTTPS: the bank's own certificate authorities (PEM); the public ones when empty
    """

    class Kind(models.TextChoices):
        FOLDER = "FOLDER", "Watched folder"
        SFTP = "SFTP", "SFTP"
        HTTPS = "HTTPS", "HTTPS with a client certificate"

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        PAUSED = "PAUSED", "Paused"

    public_id = PublicIdField(prefix="bcn")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=6, choices=Kind)
    place = models.CharField(max_length=500)
    pattern = models.CharField(max_length=80, default="*")
    username = models.CharField(max_length=80, blank=True)
    secret = EncryptedTextField(blank=True)
    host_key = models.TextField(blank=True)
    authorities = models.TextField(blank=True)
    state = models.CharField(max_length=6, choices=State, default=State.ACTIVE)
    owner = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "name"], name="reconciliation_bankconnection_name"),
            models.CheckConstraint(
                condition=~Q(kind="SFTP") | (~Q(host_key="") & ~Q(username="")),
                name="reconciliation_bankconnection_sftp_pins_its_host",
            ),
            models.CheckConstraint(condition=~Q(place=""), name="reconciliation_bankconnection_has_place"),
        ]

    def __str__(self) -> str:
        return self.name


class BankDelivery(models.Model):
    """One attempt: a file that was fetched, or a connection that failed. Append-only.

    remote_name  the file's name at the bank; "" where the connection itself failed
    fingerprint  size and time of change as the bank lists them, so that the same file is not fetched again
    problem      why nothing was taken in; "" when it was
    """

    class Result(models.TextChoices):
        TAKEN_IN = "TAKEN_IN", "Taken in"
        KNOWN = "KNOWN", "Known already"
        REFUSED = "REFUSED", "Refused"
        FAILED = "FAILED", "Failed"
        NOTHING = "NOTHING", "Nothing new"

    public_id = PublicIdField(prefix="bdl")
    connection = models.ForeignKey(BankConnection, on_delete=models.PROTECT, related_name="deliveries")
    remote_name = models.CharField(max_length=300, blank=True)
    fingerprint = models.CharField(max_length=100, blank=True)
    result = models.CharField(max_length=8, choices=Result)
    problem = models.TextField(blank=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    size = models.PositiveBigIntegerField(null=True)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(result__in=["TAKEN_IN", "KNOWN"]) | Q(file__isnull=False),
                name="reconciliation_bankdelivery_taken_in_is_kept",
            ),
        ]
        indexes = [
            models.Index(
                fields=["connection", "remote_name", "fingerprint"], name="reconciliation_delivery_seen"
            ),
            models.Index(fields=["connection", "-id"], name="reconciliation_delivery_log"),
        ]
