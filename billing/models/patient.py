"""Patients, what to know about them, and who pays for them."""

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from simple_history.models import HistoricalRecords

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class Patient(models.Model):
    """Somebody with an account. The medical record number is unique within one legal entity's network.

    guarantor    who answers for this patient's share (a parent, say); the patient when empty
    phone_index  blind index of the phone's digits, to find it by equality
    """

    class Sex(models.TextChoices):
        FEMALE = "FEMALE", "Female"
        MALE = "MALE", "Male"
        OTHER = "OTHER", "Other"
        UNKNOWN = "UNKNOWN", "Unknown"

    public_id = PublicIdField(prefix="pat")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT, related_name="+")
    mrn = models.CharField("MRN", max_length=20)
    family_name = models.CharField(max_length=80)
    given_name = models.CharField(max_length=80)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=8, choices=Sex, default=Sex.UNKNOWN)
    guarantor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="dependents"
    )
    phone = EncryptedTextField(blank=True, default="")
    email = EncryptedTextField(blank=True, default="")
    address = EncryptedTextField(blank=True, default="")
    phone_index = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    registered_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    family_first = models.GeneratedField(
        expression=Lower(Concat(F("family_name"), Value(", "), F("given_name"))),
        output_field=models.CharField(max_length=170),
        db_persist=True,
        db_index=True,
    )
    given_first = models.GeneratedField(
        expression=Lower(Concat(F("given_name"), Value(" "), F("family_name"))),
        output_field=models.CharField(max_length=170),
        db_persist=True,
        db_index=True,
    )
    history = HistoricalRecords(
        excluded_fields=["family_first", "given_first", "phone", "phone_index", "email", "address"]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "mrn"], name="billing_patient_mrn_in_network"),
            models.CheckConstraint(
                condition=Q(guarantor__isnull=True) | ~Q(guarantor=F("id")),
                name="billing_patient_guarantor_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(mrn="") & ~Q(family_name=""), name="billing_patient_mrn_and_name"
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class PatientAlert(models.Model):
    """A sentence whoever opens the account must see, such as "Interpreter: Spanish"."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    sentence = models.CharField(max_length=200)
    raised_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    ended_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="billing_patientalert_ended_by_and_at",
            )
        ]

    def __str__(self) -> str:
        return self.sentence
