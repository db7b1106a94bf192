"""How what the book posts becomes what the general ledger receives: versions of a map, signed off by two."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from hms_ach.ids import PublicIdField
from ledger.models.account import Account


class GlAccount(models.Model):
    """An account of the general ledger's own chart: what a rule of the map may lead to."""

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=120)
    natural_class = models.CharField(max_length=10, choices=Account.NaturalClass)
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "code"], name="ledger_glaccount_code_in_entity"),
            models.CheckConstraint(
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
                name="ledger_glaccount_active_in_order",
            ),
            models.CheckConstraint(condition=~Q(code=""), name="ledger_glaccount_has_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class GlSetting(models.Model):
    """What the general ledger calls something in its layouts; ledger.formats.layouts.SETTINGS names them."""

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    name = models.CharField(max_length=40)
    value = models.CharField(max_length=80, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["legal_entity", "name"], name="ledger_glsetting_name_in_entity")
        ]


class MappingVersion(models.Model):
    """One legal entity's whole map. Its rules change while it is a draft, never afterwards.

    number         counts the entity's versions from 1
    effective_from the first effective date it counts for; of the approved versions that have begun
                   on a day, the one with the highest number counts
    segment_names  what the general ledger's code consists of, such as Company, Account, Cost centre
    account_index  which of the segments, from 0, is an account of the general ledger's chart
    is_strict      no two categories may lead to the same code
    """

    # What queries.mapping_versions adds: the state of the latest step.
    state: str

    public_id = PublicIdField(prefix="map")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    effective_from = models.DateField()
    segment_names = ArrayField(models.CharField(max_length=30))
    account_index = models.PositiveSmallIntegerField()
    is_strict = models.BooleanField(default=False)
    reason = models.TextField()
    created_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "number"], name="ledger_mappingversion_number_in_entity"
            ),
            models.CheckConstraint(
                condition=Q(account_index__lt=30, segment_names__len__gt=F("account_index")),
                name="ledger_mappingversion_account_is_segment",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_mappingversion_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Map {self.number}"


class MappingRule(models.Model):
    """Where a category leads, from valid_from until the day before valid_until.

    facility, payer_class and tender narrow the rule when they are given. Two rules for the same key
    never overlap in time (exclusion constraint), so that a posting has one target or none.
    """

    version = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, related_name="rules")
    category = models.CharField(max_length=40)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True)
    payer_class = models.CharField(max_length=40, blank=True)
    tender = models.CharField(max_length=20, blank=True)
    segments = ArrayField(models.CharField(max_length=60))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="ledger_mappingrule_valid_in_order",
            ),
            models.CheckConstraint(condition=~Q(category=""), name="ledger_mappingrule_has_category"),
        ]


class MappingRuleRemoval(models.Model):
    """A rule that somebody took out of a draft, alone or by replacing it; whoever did changed the map.

    rule_number  the id that the rule had; a rule goes only when its row here is written (0015)
    words, code  what it led from, and to
    """

    version = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, related_name="removals")
    rule_number = models.BigIntegerField(unique=True)
    words = models.CharField(max_length=160)
    code = models.TextField()
    removed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField()


class MappingNote(models.Model):
    """A remark about a category of a draft. A question stays open until a decision follows it."""

    version = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, related_name="notes")
    category = models.CharField(max_length=40)
    body = models.TextField()
    is_decision = models.BooleanField()
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="ledger_mappingnote_has_body")]


class MappingStep(models.Model):
    """A change of a version's state: who, when and why. The latest is the state; none is a draft."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        SUBMITTED = "SUBMITTED", "Awaits approval"
        RETURNED = "RETURNED", "Returned"
        APPROVED = "APPROVED", "Approved"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    version = models.ForeignKey(MappingVersion, on_delete=models.PROTECT, related_name="steps")
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "sequence"], name="ledger_mappingstep_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["RETURNED", "WITHDRAWN"]) | ~Q(comment=""),
                name="ledger_mappingstep_says_why",
            ),
        ]
