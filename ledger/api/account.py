"""The chart of accounts: to list, to read, and to take in as a whole, first without doing it."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from hms_ach import clock
from hms_ach.access.queries import facilities_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, RequestBody
from ledger.api.entity import entity_or_404
from ledger.commands import import_chart, plan_chart
from ledger.commands.chart import ChartPlan
from ledger.formats.chart import COLUMNS, MAX_ROWS
from ledger.models import Account
from ledger.queries import RoleLine, account_by_number, account_roles, accounts_of

_CLASSES = ["asset", "liability", "net_assets", "revenue", "expense"]


class _Filters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")
    on = serializers.DateField(required=False, help_text="Only accounts in use on this day.")


class _RoleFilters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")
    on = serializers.DateField(required=False, help_text="Who plays each role on this day; today if omitted.")


class AccountShown(serializers.Serializer):
    """One account. active_until is the first day on which it is no longer used."""

    legal_entity = serializers.CharField()
    number = serializers.CharField()
    name = serializers.CharField()
    natural_class = serializers.CharField(help_text=", ".join(_CLASSES))
    normal_side = serializers.CharField(help_text="debit or credit")
    currency = serializers.CharField(allow_null=True, help_text="null when it holds any currency.")
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    active_from = serializers.DateField()
    active_until = serializers.DateField(allow_null=True)


class RoleShown(serializers.Serializer):
    """A role of posting and the account that plays it; facility is null for the whole entity."""

    role = serializers.CharField()
    name = serializers.CharField()
    facility = serializers.CharField(allow_null=True)
    account = serializers.CharField(allow_null=True, help_text="null when nobody plays it.")
    valid_from = serializers.DateField(allow_null=True)
    valid_until = serializers.DateField(allow_null=True)


class RolesShown(serializers.Serializer):
    items = RoleShown(many=True)


class _AccountAsked(RequestBody):
    """An account as a row of a chart's file has it; what is omitted is as docs/ledger.md says."""

    number = serializers.CharField()
    name = serializers.CharField()
    natural_class = serializers.CharField(help_text=", ".join(_CLASSES))
    normal_side = serializers.CharField(required=False, default="", allow_blank=True)
    currency = serializers.CharField(required=False, default="", allow_blank=True)
    parent = serializers.CharField(required=False, default="", allow_blank=True)  # type: ignore[assignment]
    active_from = serializers.DateField(required=False, default=None)
    active_until = serializers.DateField(required=False, default=None)


class ChartRequest(RequestBody):
    """A chart: all of it is taken, or nothing. dry_run only says what it would do."""

    legal_entity = serializers.CharField()
    dry_run = serializers.BooleanField(default=False)
    accounts = serializers.ListField(child=_AccountAsked(), allow_empty=False, max_length=MAX_ROWS)


class FindingShown(serializers.Serializer):
    """What is wrong with an account; row counts the accounts sent from 1."""

    row = serializers.IntegerField()
    field = serializers.CharField()
    value = serializers.CharField()
    problem = serializers.CharField()


class ChartShown(serializers.Serializer):
    """What was done, or would be. by_class counts the accounts sent: the control total."""

    dry_run = serializers.BooleanField()
    added = serializers.ListField(child=serializers.CharField())
    changed = serializers.ListField(child=serializers.CharField())
    unchanged = serializers.IntegerField()
    by_class = serializers.DictField(child=serializers.IntegerField())
    findings = FindingShown(many=True)


class ByNumber(CursorPages):
    """In the order of account numbers."""

    ordering = ("number", "id")


class Accounts(ApiView):
    """Accounts of a legal entity by number; POST takes a chart in, or says what it would do."""

    required_scope = {"GET": "accounts:read", "POST": "accounts:write"}
    required_permission = {"GET": "ledger.view_account", "POST": "ledger.import_chart"}
    query_parameters = frozenset({"legal_entity", "on"})
    pagination_class = ByNumber

    @extend_schema(operation_id="accounts_list", parameters=[_Filters], responses=AccountShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        asked = _Filters(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        entity = entity_or_404(request, asked.validated_data["legal_entity"])
        rows = accounts_of(legal_entity=entity, on=asked.validated_data.get("on"))
        return self.paged(rows, _shown)

    @extend_schema(
        operation_id="accounts_import", request=ChartRequest, responses={200: ChartShown, 201: ChartShown}
    )
    def post(self, request: ApiRequest) -> Response:
        """Known accounts get the new name, parent and last day; those not sent stay as they are."""
        asked = self.read(ChartRequest)
        entity = entity_or_404(request, asked["legal_entity"])
        content, today = _as_file(asked["accounts"]), _today(request)
        if asked["dry_run"]:
            plan = plan_chart(legal_entity=entity, content=content, today=today)
            return Response(_plan_shown(plan, is_dry=True))
        plan = import_chart(legal_entity=entity, content=content, name="API", today=today, actor=request.user)
        return Response(_plan_shown(plan, is_dry=False), status=201)


class AccountDetail(ApiView):
    """One account by its number."""

    required_scope = "accounts:read"
    required_permission = "ledger.view_account"

    @extend_schema(operation_id="account_read", responses=AccountShown)
    def get(self, request: ApiRequest, entity_code: str, number: str) -> Response:
        entity_or_404(request, entity_code)
        account = account_by_number(entity_code=entity_code, number=number)
        if account is None:
            raise NotFound()
        return Response(_shown(account))


class AccountRoles(ApiView):
    """Each role of posting with the account that plays it on a day, a facility's own after the entity's."""

    required_scope = "accounts:read"
    required_permission = "ledger.view_account"
    query_parameters = frozenset({"legal_entity", "on"})

    @extend_schema(operation_id="account_roles_list", parameters=[_RoleFilters], responses=RolesShown)
    def get(self, request: ApiRequest) -> Response:
        asked = _RoleFilters(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        entity = entity_or_404(request, asked.validated_data["legal_entity"])
        lines = account_roles(legal_entity=entity, on=asked.validated_data.get("on") or _today(request))
        return Response({"items": [_role_shown(line) for line in lines]})


def _today(request: ApiRequest) -> date:
    first = next(iter(facilities_of(request.user)), None)
    return clock.today(first.timezone if first else settings.TIME_ZONE)


def _as_file(accounts: Sequence[dict[str, Any]]) -> bytes:
    """The accounts as the file that the same rules read: the heading is line 1, the first account line 2."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for account in accounts:
        values = {**account, "class": account["natural_class"]}
        writer.writerow([_cell(values.get(column)) for column in COLUMNS])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _plan_shown(plan: ChartPlan, *, is_dry: bool) -> dict[str, Any]:
    return {
        "dry_run": is_dry,
        "added": [row.number for row in plan.added],
        "changed": [row.number for row in plan.changed],
        "unchanged": plan.n_same,
        "by_class": {name.lower().replace(" ", "_"): count for name, count in plan.by_class},
        "findings": [
            {
                "row": max(finding.line - 1, 0),
                "field": "natural_class" if finding.field == "class" else finding.field,
                "value": finding.value,
                "problem": finding.problem,
            }
            for finding in plan.findings
        ],
    }


def _shown(account: Account) -> dict[str, Any]:
    return {
        "legal_entity": account.legal_entity.code,
        "number": account.number,
        "name": account.name,
        "natural_class": account.natural_class.lower(),
        "normal_side": account.normal_side.lower(),
        "currency": account.currency,
        "parent": account.parent.number if account.parent else None,
        "active_from": account.active_from.isoformat(),
        "active_until": account.active_until.isoformat() if account.active_until else None,
    }


def _role_shown(line: RoleLine) -> dict[str, Any]:
    return {
        "role": line.role,
        "name": line.meaning,
        "facility": line.facility_code or None,
        "account": line.account.number if line.account else None,
        "valid_from": line.valid_from.isoformat() if line.valid_from else None,
        "valid_until": line.valid_until.isoformat() if line.valid_until else None,
    }
