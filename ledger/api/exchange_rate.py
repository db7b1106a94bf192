"""Rates of exchange: what counts, and taking a source's rates in."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from hms_ach.api import ApiRequest, RequestBody
from hms_ach.api.pagination import CursorPages
from hms_ach.api.views import ApiView
from hms_ach.money import CURRENCIES
from ledger.commands import take_rates
from ledger.models import ExchangeRate
from ledger.queries import exchange_rates
from ledger.rules.exchange_rate import Quoted

_CODES = sorted(CURRENCIES)


class _Filters(serializers.Serializer):
    base = serializers.CharField(required=False, help_text="ISO 4217 code of the currency that is bought.")
    quote = serializers.CharField(required=False, help_text="ISO 4217 code of the currency paid with.")
    since = serializers.DateField(required=False, help_text="First day.")
    until = serializers.DateField(required=False, help_text="Last day.")


class _Rate(RequestBody):
    base = serializers.RegexField("^[A-Z]{3}$", help_text="One unit of this currency buys …")
    quote = serializers.RegexField("^[A-Z]{3}$", help_text="… so many units of this one.")
    on = serializers.DateField()
    rate = serializers.DecimalField(max_digits=19, decimal_places=10)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        for name in ("base", "quote"):
            if values[name] not in CURRENCIES:
                raise serializers.ValidationError({name: "This is no ISO 4217 currency code."})
        return values


class RatesRequest(RequestBody):
    """A source's rates: all of them are taken, or none."""

    source = serializers.CharField(max_length=60, help_text="Who says so, such as ECB.")  # type: ignore[assignment]
    rates = serializers.ListField(child=_Rate(), allow_empty=False, max_length=5000)


class RatesTakenShown(serializers.Serializer):
    """What came of it. crossed counts rates into functional currencies that follow from those sent."""

    added = serializers.IntegerField()
    crossed = serializers.IntegerField()
    known = serializers.IntegerField()
    days = serializers.ListField(child=serializers.DateField())


class RateShown(serializers.Serializer):
    """A rate as it is recorded. via names the currency it was crossed over, empty when the source says it."""

    base = serializers.CharField()
    quote = serializers.CharField()
    on = serializers.DateField()
    rate = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    via = serializers.CharField()
    recorded_at = serializers.DateTimeField()


class ExchangeRates(ApiView):
    """Rates, the latest day first; POST takes a source's rates in."""

    required_scope = {"GET": "rates:read", "POST": "rates:write"}
    required_permission = {"GET": "ledger.view_rate", "POST": "ledger.import_rates"}
    query_parameters = frozenset({"base", "quote", "since", "until"})
    pagination_class = CursorPages

    @extend_schema(operation_id="exchange_rates_list", parameters=[_Filters], responses=RateShown(many=True))
    def get(self, request: ApiRequest) -> Response:
        params = request.query_params
        given = {name: params[name] for name in self.query_parameters if name in params}
        asked = _Filters(data=given)
        asked.is_valid(raise_exception=True)
        return self.paged(exchange_rates(**asked.validated_data), _shown)

    @extend_schema(operation_id="exchange_rates_take", request=RatesRequest, responses={201: RatesTakenShown})
    def post(self, request: ApiRequest) -> Response:
        asked = self.read(RatesRequest)
        quoted = [Quoted(0, each["on"], each["base"], each["quote"], each["rate"]) for each in asked["rates"]]
        taken = take_rates(quoted=quoted, source=asked["source"], actor=request.user)
        days: list[date] = list(taken.days)
        shown = RatesTakenShown(
            {"added": taken.added, "crossed": taken.crossed, "known": taken.known, "days": days}
        )
        return Response(shown.data, status=201)


def _shown(rate: ExchangeRate) -> dict[str, Any]:
    return {
        "base": rate.base,
        "quote": rate.quote,
        "on": rate.on.isoformat(),
        "rate": f"{rate.rate.normalize():f}",
        "source": rate.source,
        "via": rate.via,
        "recorded_at": rate.recorded_at.isoformat(),
    }
