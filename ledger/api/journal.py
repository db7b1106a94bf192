"""Journals by program: prepared over the API, approved by a person on screen."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from hms_ach.access.models import Department, Facility, User
from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, MoneyField, RequestBody
from hms_ach.money import Money
from ledger.api.journal_evidence import EvidenceShown, evidence_shown
from ledger.commands import JournalLineAsked, prepare_journal, withdraw_journal
from ledger.models import Account, Journal
from ledger.queries import (
    accounts_of,
    document_entries,
    evidence_kept_by,
    evidence_of,
    journal_of,
    journals,
)

MAX_LINES = 200
MAX_FILES = 50


class _Filters(serializers.Serializer):
    facility = FacilityField(required=False)
    state = serializers.ChoiceField(choices=Journal.State.choices, required=False)


class _LineAsked(RequestBody):
    """A debit or a credit on an account."""

    account = serializers.CharField(max_length=20, help_text="Number of an account of the legal entity.")
    department = serializers.CharField(max_length=20, required=False, help_text="Code of a department.")
    debit = MoneyField(required=False)
    credit = MoneyField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("debit" in attrs) == ("credit" in attrs):
            raise serializers.ValidationError("A line is a debit or a credit: send exactly one of them.")
        return attrs


class JournalRequest(RequestBody):
    """What is to be posted. Its lines are in one currency and balance."""

    facility = FacilityField()
    effective_on = serializers.DateField(help_text="A day of an open or a soft closed period.")
    memo = serializers.CharField(max_length=200)
    reverses_on = serializers.DateField(
        required=False, help_text="For an accrual: the day on which it is taken back by itself."
    )
    belongs_on = serializers.DateField(
        required=False, help_text="For a late journal: the day in a closed period that it belongs to."
    )
    lines = serializers.ListField(child=_LineAsked(), min_length=2, max_length=MAX_LINES)
    evidence = serializers.ListField(
        child=serializers.CharField(max_length=40),
        required=False,
        default=list,
        max_length=MAX_FILES,
        help_text="Ids of files that were kept for the facility before (PUT journal-evidence).",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        day = attrs["effective_on"]
        if attrs.get("reverses_on") and attrs["reverses_on"] <= day:
            raise serializers.ValidationError({"reverses_on": ["This day is not after effective_on."]})
        if attrs.get("belongs_on") and attrs["belongs_on"] >= day:
            raise serializers.ValidationError({"belongs_on": ["This day is not before effective_on."]})
        return attrs


class _JournalMoney(serializers.Serializer):
    amount = serializers.CharField()
    currency = serializers.CharField()


class JournalLineShown(serializers.Serializer):
    account = serializers.CharField()
    department = serializers.CharField(allow_null=True)
    debit = _JournalMoney(allow_null=True)
    credit = _JournalMoney(allow_null=True)


class JournalBatchShown(serializers.Serializer):
    """A GL batch that sent what the journal posted, and the general ledger's own number for it."""

    id = serializers.CharField()
    number = serializers.CharField()
    state = serializers.CharField()
    journal = serializers.CharField(allow_null=True)


class JournalShown(serializers.Serializer):
    """A journal in the list."""

    id = serializers.CharField()
    number = serializers.CharField()
    facility = serializers.CharField()
    effective_on = serializers.DateField()
    reverses_on = serializers.DateField(allow_null=True)
    belongs_on = serializers.DateField(allow_null=True)
    memo = serializers.CharField()
    total = _JournalMoney()
    state = serializers.CharField(help_text=", ".join(Journal.State.values))
    reason = serializers.CharField(help_text="Why it was rejected.")
    entry = serializers.CharField(allow_null=True, help_text="The entry that it posted.")
    reverses = serializers.CharField(allow_null=True, help_text="The entry that it takes back.")
    prepared_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class JournalDetailShown(JournalShown):
    """One journal with its lines, and the GL batches that sent it."""

    lines = JournalLineShown(many=True)
    evidence = EvidenceShown(many=True)
    gl_batches = JournalBatchShown(many=True)


class Journals(ApiView):
    """Journals by hand or program, latest first; POST prepares one, which a person must approve."""

    required_scope = {"GET": "journals:read", "POST": "journals:write"}
    required_permission = {"GET": "ledger.view_journal", "POST": "ledger.prepare_journal"}
    query_parameters = frozenset({"facility", "state"})
    pagination_class = CursorPages

    @extend_schema(operation_id="journals_list", parameters=[_Filters], responses=JournalShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        asked = _Filters(data=request.query_params.dict(), context={"request": request})
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        facility_ids = [said["facility"].pk] if "facility" in said else self.facilities
        return self.paged(journals(facility_ids=facility_ids, state=said.get("state", "")), _shown)

    @extend_schema(
        operation_id="journal_prepare", request=JournalRequest, responses={201: JournalDetailShown}
    )
    def post(self, request: ApiRequest) -> Response:
        """Nothing is posted until a person approves it; what the book would not take is refused now."""
        asked = self.read(JournalRequest)
        lines = _lines(asked.pop("lines"), asked["facility"])
        file_ids = _files(asked.pop("evidence"), asked["facility"], request.user)
        made = prepare_journal(**asked, lines=lines, file_ids=file_ids, actor=request.user)
        return Response(_detail(self, made.public_id), status=201)


class JournalDetail(ApiView):
    """One journal, what became of it, and the general ledger's number for it."""

    required_scope = "journals:read"
    required_permission = "ledger.view_journal"

    @extend_schema(operation_id="journal_read", responses=JournalDetailShown)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        return Response(_detail(self, public_id))


class JournalWithdrawals(ApiView):
    """POST takes back a journal that the client itself prepared and nobody has decided."""

    required_scope = "journals:write"
    required_permission = "ledger.prepare_journal"

    @extend_schema(operation_id="journal_withdraw", request=None, responses={201: JournalDetailShown})
    def post(self, request: ApiRequest, public_id: str) -> Response:
        journal = journal_of(public_id=public_id, facility_ids=self.facilities)
        if journal is None:
            raise NotFound()
        withdraw_journal(journal_id=journal.pk, actor=request.user)
        return Response(_detail(self, public_id), status=201)


def _lines(asked: list[dict[str, Any]], facility: Facility) -> list[JournalLineAsked]:
    """The lines with their accounts and departments; the first that is unknown is told at its place."""
    accounts = {each.number: each for each in accounts_of(legal_entity=facility.legal_entity)}
    departments = {each.code: each for each in Department.objects.filter(facility=facility)}
    for number, line in enumerate(asked):
        problems = _problems(line, accounts, departments)
        if problems:
            raise serializers.ValidationError({"lines": {str(number): problems}})
    return [
        JournalLineAsked(
            accounts[line["account"]],
            line["debit"] if "debit" in line else -line["credit"],
            departments.get(line.get("department", "")),
        )
        for line in asked
    ]


def _files(asked: list[str], facility: Facility, person: User) -> list[int]:
    """The kept files of these ids; the first that the client did not keep there is told at its place."""
    kept = evidence_kept_by(person, facility=facility).filter(public_id__in=asked)
    known = dict(kept.values_list("public_id", "pk"))
    for number, public_id in enumerate(asked):
        if public_id not in known or public_id in asked[:number]:
            problem = (
                "stands here twice" if public_id in known else "is no file that you kept for the facility"
            )
            raise serializers.ValidationError({"evidence": {str(number): [f"{public_id} {problem}."]}})
    return [known[public_id] for public_id in asked]


def _problems(
    line: dict[str, Any], accounts: dict[str, Account], departments: dict[str, Department]
) -> dict[str, list[str]]:
    found = {}
    if line["account"] not in accounts:
        found["account"] = ["The legal entity has no account of this number."]
    if line.get("department") and line["department"] not in departments:
        found["department"] = ["The facility has no department of this code."]
    return found


def _shown(journal: Journal) -> dict[str, Any]:
    return {
        "id": journal.public_id,
        "number": journal.number,
        "facility": journal.facility.code,
        "effective_on": journal.effective_on.isoformat(),
        "reverses_on": journal.reverses_on.isoformat() if journal.reverses_on else None,
        "belongs_on": journal.belongs_on.isoformat() if journal.belongs_on else None,
        "memo": journal.memo,
        "total": Money(journal.total_minor, journal.currency).as_json(),
        "state": journal.state,
        "reason": journal.decision_reason,
        "entry": journal.entry.public_id if journal.entry else None,
        "reverses": journal.reverses.public_id if journal.reverses else None,
        "prepared_at": journal.prepared_at.isoformat(),
        "decided_at": journal.decided_at.isoformat() if journal.decided_at else None,
    }


def _detail(view: ApiView, public_id: str) -> dict[str, Any]:
    journal = journal_of(public_id=public_id, facility_ids=view.facilities)
    if journal is None:
        raise NotFound()
    sent = [
        {"id": each.public_id, "number": each.number, "state": each.state, "journal": each.journal or None}
        for entry in document_entries(("adjustment", public_id))
        for each in entry.batches
    ]
    lines = [
        _line_shown(line, journal.currency)
        for line in sorted(journal.lines.all(), key=lambda line: line.line)
    ]
    evidence = [evidence_shown(each) for each in evidence_of(journal)]
    return _shown(journal) | {"lines": lines, "evidence": evidence, "gl_batches": sent}


def _line_shown(line: Any, currency: str) -> dict[str, Any]:
    money = Money(abs(line.amount_minor), currency).as_json()
    return {
        "account": line.account.number,
        "department": line.department.code if line.department else None,
        "debit": money if line.amount_minor > 0 else None,
        "credit": money if line.amount_minor < 0 else None,
    }
