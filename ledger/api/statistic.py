"""What is counted, not paid: accounts with a unit, and quantities by facility and day."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, RequestBody
from ledger.api.entity import entity_or_404
from ledger.commands import Counted, define_statistic, record_statistics, reverse_statistic
from ledger.models import StatisticAccount, StatisticEntry
from ledger.queries import quantities_of, statistics_of

MAX_ENTRIES = 5000


class _AccountFilters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")


class _Filters(serializers.Serializer):
    legal_entity = serializers.CharField(help_text="Code of one of the client's legal entities.")
    account = serializers.CharField(required=False, help_text="Code of one statistical account.")
    facility = FacilityField(required=False)
    since = serializers.DateField(required=False, help_text="First day.")
    until = serializers.DateField(required=False, help_text="Last day.")


class StatisticAccountShown(serializers.Serializer):
    """What is counted, in which unit, and with how many decimals."""

    legal_entity = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    decimals = serializers.IntegerField()


class StatisticAccountRequest(RequestBody):
    """Something to count from now on. Its code, unit and decimals never change afterwards."""

    legal_entity = serializers.CharField()
    code = serializers.RegexField(r"^[A-Za-z0-9_-]{1,20}$")
    name = serializers.CharField(max_length=120)
    unit = serializers.CharField(max_length=30)
    decimals = serializers.IntegerField(min_value=0, max_value=4, default=0)


@extend_schema_field({"type": "string", "example": "27"})
class _QuantityField(serializers.RegexField):
    """A decimal string, never a JSON number: a reader may have made a float of that."""

    default_error_messages = {
        "shape": "Send the quantity as a decimal string.",
        "invalid": "This is no decimal number with at most four decimals.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("shape")
        return super().to_internal_value(data)


class _CountedAsked(RequestBody):
    """So much at a facility on a day. key makes it count once, however often it is sent."""

    account = serializers.CharField(max_length=20)
    facility = FacilityField()
    on = serializers.DateField()
    quantity = _QuantityField(
        r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$", help_text="A decimal string in the account's unit; never zero."
    )
    key = serializers.CharField(max_length=120)
    memo = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class StatisticsRequest(RequestBody):
    """Quantities: all of them are recorded, or none."""

    source = serializers.CharField(max_length=60, help_text="Who counted, such as the admission system.")  # type: ignore[assignment]
    entries = serializers.ListField(child=_CountedAsked(), allow_empty=False, max_length=MAX_ENTRIES)


class StatisticReversalRequest(RequestBody):
    reason = serializers.CharField(max_length=200)


class StatisticShown(serializers.Serializer):
    """One quantity. reverses names the one that it takes back, reversed_by the one that took it back."""

    id = serializers.CharField()
    account = serializers.CharField()
    facility = serializers.CharField()
    on = serializers.DateField()
    quantity = serializers.CharField()
    unit = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    memo = serializers.CharField()
    key = serializers.CharField()
    recorded_at = serializers.DateTimeField()
    reverses = serializers.CharField(allow_null=True)
    reversed_by = serializers.CharField(allow_null=True)


class StatisticsShown(serializers.Serializer):
    items = StatisticShown(many=True)


class ByCode(CursorPages):
    """In the order of account codes."""

    ordering = ("code", "id")


class StatisticAccounts(ApiView):
    """What a legal entity counts; POST begins to count something."""

    required_scope = {"GET": "statistics:read", "POST": "statistics:write"}
    required_permission = {"GET": "ledger.view_account", "POST": "ledger.import_chart"}
    query_parameters = frozenset({"legal_entity"})
    pagination_class = ByCode

    @extend_schema(
        operation_id="statistic_accounts_list",
        parameters=[_AccountFilters],
        responses=StatisticAccountShown(many=True),
    )
    def get(self, request: ApiRequest) -> Response:
        asked = _AccountFilters(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        entity = entity_or_404(request, asked.validated_data["legal_entity"])
        return self.paged(statistics_of(entity), _account_shown)

    @extend_schema(
        operation_id="statistic_account_define",
        request=StatisticAccountRequest,
        responses={201: StatisticAccountShown},
    )
    def post(self, request: ApiRequest) -> Response:
        asked = self.read(StatisticAccountRequest)
        entity = entity_or_404(request, asked.pop("legal_entity"))
        account = define_statistic(legal_entity=entity, **asked, actor=request.user)
        return Response(_account_shown(account), status=201)


class Statistics(ApiView):
    """Quantities, the latest recorded first; POST records many. A day that nobody reported is not there."""

    required_scope = {"GET": "statistics:read", "POST": "statistics:write"}
    required_permission = {"GET": "ledger.view_account", "POST": "ledger.record_statistics"}
    query_parameters = frozenset({"legal_entity", "account", "facility", "since", "until"})
    pagination_class = CursorPages

    @extend_schema(operation_id="statistics_list", parameters=[_Filters], responses=StatisticShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        params = request.query_params
        given = {name: params[name] for name in self.query_parameters if name in params}
        asked = _Filters(data=given, context={"request": request})
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        entity = entity_or_404(request, said.pop("legal_entity"))
        if "account" in said and not statistics_of(entity).filter(code=said["account"]).exists():
            raise NotFound(f"Nothing is counted as {said['account'][:20]!r} there.")
        facility_ids = [said.pop("facility").pk] if "facility" in said else self.facilities
        rows = quantities_of(entity, facility_ids=facility_ids, **said)
        return self.paged(rows, _shown)

    @extend_schema(
        operation_id="statistics_record", request=StatisticsRequest, responses={201: StatisticsShown}
    )
    def post(self, request: ApiRequest) -> Response:
        """A key that is known answers what stands; with other content it is refused."""
        asked = self.read(StatisticsRequest)
        counted = [Counted(**(each | {"quantity": Decimal(each["quantity"])})) for each in asked["entries"]]
        made = record_statistics(counted=counted, source=asked["source"], actor=request.user)
        return Response({"items": [_shown(entry) for entry in made]}, status=201)


class StatisticReversals(ApiView):
    """POST takes one quantity back by its mirror, on the same day."""

    required_scope = "statistics:write"
    required_permission = "ledger.record_statistics"

    @extend_schema(
        operation_id="statistic_reverse", request=StatisticReversalRequest, responses={201: StatisticShown}
    )
    def post(self, request: ApiRequest, public_id: str) -> Response:
        asked = self.read(StatisticReversalRequest)
        entry = StatisticEntry.objects.filter(public_id=public_id, facility_id__in=self.facilities).first()
        if entry is None:
            raise NotFound()
        mirror = reverse_statistic(entry_id=entry.pk, reason=asked["reason"], actor=request.user)
        return Response(_shown(mirror), status=201)


def _account_shown(account: StatisticAccount) -> dict[str, Any]:
    return {
        "legal_entity": account.legal_entity.code,
        "code": account.code,
        "name": account.name,
        "unit": account.unit,
        "decimals": account.decimals,
    }


def _shown(entry: StatisticEntry) -> dict[str, Any]:
    taken_back = getattr(entry, "reversed_by", None)
    return {
        "id": entry.public_id,
        "account": entry.account.code,
        "facility": entry.facility.code,
        "on": entry.on.isoformat(),
        "quantity": f"{entry.quantity:.{entry.account.decimals}f}",
        "unit": entry.account.unit,
        "source": entry.source,
        "memo": entry.memo,
        "key": entry.key,
        "recorded_at": entry.recorded_at.isoformat(),
        "reverses": entry.reverses.public_id if entry.reverses else None,
        "reversed_by": taken_back.public_id if taken_back else None,
    }
