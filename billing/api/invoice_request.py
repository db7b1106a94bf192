"""What a client sends to have services billed."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from billing.api.fields import CurrencyField
from billing.commands import Line, Party, PatientGiven, Share
from billing.models import Invoice, Patient, Payer
from hms_ach.api import FacilityField, MoneyField, RequestBody

MAX_LINES = 500
MAX_QUANTITY = 1_000_000


class PatientRequest(RequestBody):
    """A patient by MRN; with names, one that is not known yet is registered."""

    mrn = serializers.CharField(max_length=20)
    family_name = serializers.CharField(max_length=80, required=False)
    given_name = serializers.CharField(max_length=80, required=False)
    birth_on = serializers.DateField(required=False)
    sex = serializers.ChoiceField(choices=Patient.Sex.choices, required=False)
    phone = serializers.CharField(max_length=40, required=False)
    email = serializers.EmailField(required=False)
    address = serializers.CharField(max_length=400, required=False)


class LineRequest(RequestBody):
    """unit_price needs the permission billing.price_by_hand; without it the price lists decide."""

    service = serializers.CharField(max_length=20)
    quantity = serializers.IntegerField(min_value=1, max_value=MAX_QUANTITY, default=1)
    service_on = serializers.DateField()
    unit_price = MoneyField(required=False)
    order = serializers.CharField(max_length=60, required=False)


class PartyRequest(RequestBody):
    """One responsible party of a split bill: a fixed amount, or a weight in what the amounts leave."""

    kind = serializers.ChoiceField(choices=Invoice.Kind.choices)
    payer = serializers.SlugRelatedField(
        slug_field="code", queryset=Payer.objects.filter(is_active=True), required=False
    )
    amount = MoneyField(required=False)
    weight = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("amount" in attrs) == ("weight" in attrs):
            raise serializers.ValidationError(
                "Give each party either an amount or a weight.", code="share_unclear"
            )
        return attrs


class InvoiceRequest(RequestBody):
    """Services to bill to one party (kind, payer), or split between several (parties)."""

    facility = FacilityField()
    patient = PatientRequest()
    kind = serializers.ChoiceField(choices=Invoice.Kind.choices, required=False)
    payer = serializers.SlugRelatedField(
        slug_field="code", queryset=Payer.objects.filter(is_active=True), required=False
    )
    parties = PartyRequest(many=True, required=False, allow_empty=False, max_length=10)  # type: ignore[call-arg]
    currency = CurrencyField(required=False)
    lines = LineRequest(many=True, allow_empty=False, max_length=MAX_LINES)  # type: ignore[call-arg]
    term_days = serializers.IntegerField(min_value=0, max_value=365, default=30)
    issue = serializers.BooleanField(default=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("parties" in attrs) == ("kind" in attrs):
            raise serializers.ValidationError("Give kind (one party) or parties.", code="party_unclear")
        if "parties" in attrs and "payer" in attrs:
            raise serializers.ValidationError(
                {"payer": [ErrorDetail("Name the payer within its party.", code="party_unclear")]}
            )
        attrs.setdefault("currency", attrs["facility"].currency)
        _check_amounts(attrs)
        if not self.context["request"].user.has_perm("billing.price_by_hand"):
            _refuse_at_lines(
                attrs,
                lambda line: "unit_price" in line,
                "unit_price",
                ErrorDetail(
                    "Your client may not set prices; leave it out.", code="price_by_hand_not_allowed"
                ),
            )
        return attrs


def parties_of(asked: dict[str, Any]) -> list[Party]:
    if "kind" in asked:
        payer = asked.get("payer")
        return [Party(kind=asked["kind"], payer_id=payer.pk if payer else None)]
    return [
        Party(
            kind=party["kind"],
            payer_id=party["payer"].pk if "payer" in party else None,
            share=Share(amount=party.get("amount"), weight=party.get("weight", 0)),
        )
        for party in asked["parties"]
    ]


def lines_of(asked: dict[str, Any]) -> list[Line]:
    return [
        Line(
            service_code=line["service"],
            quantity=line["quantity"],
            service_on=line["service_on"],
            unit_price=line.get("unit_price"),
            order_reference=line.get("order", ""),
        )
        for line in asked["lines"]
    ]


def patient_of(asked: dict[str, Any]) -> PatientGiven:
    return PatientGiven(**asked["patient"])


def _check_amounts(attrs: dict[str, Any]) -> None:
    """Every amount of the request is in its one currency."""
    currency = attrs["currency"]
    wrong = ErrorDetail(
        f"This bill is in {currency}; give the amount in {currency}.", code="currency_mismatch"
    )
    _refuse_at_lines(
        attrs,
        lambda line: "unit_price" in line and line["unit_price"].currency != currency,
        "unit_price",
        wrong,
    )
    for index, party in enumerate(attrs.get("parties", [])):
        if "amount" in party and party["amount"].currency != currency:
            raise serializers.ValidationError({"parties": {str(index): {"amount": [wrong]}}})


def _refuse_at_lines(attrs: dict[str, Any], is_wrong: Any, member: str, error: ErrorDetail) -> None:
    found = {str(i): {member: [error]} for i, line in enumerate(attrs["lines"]) if is_wrong(line)}
    if found:
        raise serializers.ValidationError({"lines": found})
