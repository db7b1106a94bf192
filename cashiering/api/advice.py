"""What others say the bank's statement will show, as JSON or as the file that says it."""

from typing import Any

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.commands import record_advice, take_advice_file
from cashiering.commands.advice import MAX_BYTES
from cashiering.queries import advices_of
from cashiering.queries.advice import advices_found
from cashiering.rules.advised import Advised
from cashiering.rules.bank_state import BANK_STATES
from hms_ach.api import ApiRequest, ApiView, CursorPages, FacilityField, MoneyField, RequestBody
from hms_ach.api.file_stream import FileView, file_of
from hms_ach.money import Money

KINDS = ["remittance", "ach_file", "ach_return"]
AT_BANK = [word.lower() for word in BANK_STATES]


class AdviceRequest(RequestBody):
    """One sum that the bank will show."""

    facility = FacilityField()
    kind = serializers.ChoiceField(choices=KINDS)
    amount = MoneyField(least=None, help_text="as the bank shows it: below zero for what it takes")
    reference = serializers.CharField(max_length=60, help_text="trace, or whatever names it alone")
    references = serializers.ListField(
        child=serializers.CharField(max_length=60), max_length=10, required=False, default=list
    )
    payer_id = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    payer_name = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)
    batch = serializers.CharField(max_length=40, required=False, default="", allow_blank=True)
    expected_on = serializers.DateField()

    def validate_amount(self, amount: Money) -> Money:
        if not amount:
            raise serializers.ValidationError("The bank shows no line of zero. Leave it out.")
        return amount


class AdviceDocument(serializers.Serializer):
    """What was announced, and whether the bank has shown it."""

    id = serializers.CharField()
    facility = serializers.CharField()
    kind = serializers.ChoiceField(choices=KINDS)
    state = serializers.ChoiceField(choices=["awaiting", "confirmed", "withdrawn"])
    at_bank = serializers.ChoiceField(choices=AT_BANK, help_text="what the bank's statement made of it")
    bank_document = serializers.CharField(
        allow_null=True, help_text="the match, or the discrepancy in which people look at it"
    )
    amount = MoneyField()
    reference = serializers.CharField()
    references = serializers.ListField(child=serializers.CharField())
    payer_id = serializers.CharField()
    payer_name = serializers.CharField()
    expected_on = serializers.DateField()
    confirmed_on = serializers.DateField(allow_null=True)

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {
            "id": row.public_id,
            "facility": row.facility.code,
            "kind": row.kind.lower(),
            "state": row.state.lower(),
            "at_bank": row.at_bank.lower(),
            "bank_document": row.bank_document or None,
            "amount": Money(row.amount_minor, row.currency).as_json(),
            "reference": row.reference,
            "references": row.references,
            "payer_id": row.payer_id,
            "payer_name": row.payer_name,
            "expected_on": row.expected_on.isoformat(),
            "confirmed_on": row.bank_confirmed_on.isoformat() if row.bank_confirmed_on else None,
        }


class AdviceFilters(serializers.Serializer):
    at_bank = serializers.ChoiceField(choices=AT_BANK, required=False)


class AdviceList(ApiView):
    """GET lists what was announced, the newest first; POST announces one sum.

    The same advice again answers 200 and changes nothing; one of the same payer and reference with another
    amount or day is refused.
    """

    required_scope = "advices:write"
    required_permission = {"GET": "cashiering.view_advice", "POST": "cashiering.record_advice"}
    query_parameters = frozenset(AdviceFilters().fields)
    pagination_class = CursorPages

    @extend_schema(
        operation_id="advices_list", parameters=[AdviceFilters], responses=AdviceDocument(many=True)
    )
    def get(self, request: ApiRequest) -> Response:
        asked = AdviceFilters(data=request.query_params)
        asked.is_valid(raise_exception=True)
        state = asked.validated_data.get("at_bank", "").upper()
        return self.paged(advices_found(self.facilities, state=state), AdviceDocument)

    @extend_schema(request=AdviceRequest, responses={200: AdviceDocument, 201: AdviceDocument})
    def post(self, request: ApiRequest) -> Response:
        asked = self.read(AdviceRequest)
        facility = asked.pop("facility")
        advised = Advised(**asked | {"kind": asked["kind"].upper(), "references": tuple(asked["references"])})
        row, is_known = record_advice(facility=facility, advised=advised, actor=request.user)
        shown = advices_of(self.facilities).get(pk=row.pk)
        return Response(AdviceDocument(shown).data, status=200 if is_known else 201)


class AdviceOne(ApiView):
    """GET one advice."""

    required_scope = "advices:write"
    required_permission = "cashiering.view_advice"

    @extend_schema(operation_id="advices_retrieve", responses=AdviceDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        row = advices_of(self.facilities).filter(public_id=public_id).first()
        if row is None:
            raise Http404
        return Response(AdviceDocument(row).data)


class AdviceFile(FileView):
    """PUT announces all that a file says: 835 remittances, or an ACH file (NACHA) of ours or of returns.

    Recognised by its first letters. All of a file or nothing; what was announced before changes nothing,
    whatever file it came in: 201 where something is new, 200 otherwise.
    """

    required_scope = "advices:write"
    required_permission = "cashiering.record_advice"

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: AdviceDocument(many=True), 201: AdviceDocument(many=True)},
    )
    def put(self, request: ApiRequest, facility: str, name: str) -> Response:
        taken = take_advice_file(
            content=file_of(request, MAX_BYTES),
            name=name,
            facility=self.facility(facility),
            actor=request.user,
        )
        status = 200 if len(taken.advices) == taken.known else 201
        rows = advices_of(self.facilities).in_bulk([row.pk for row in taken.advices])
        shown = [rows[row.pk] for row in taken.advices]
        return Response(AdviceDocument(shown, many=True).data, status=status)
