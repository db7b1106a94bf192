"""Lockbox files in, and the deposits that came of them."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.commands import add_lockbox_images, take_lockbox_file
from cashiering.commands.lockbox_image import MAX_BYTES
from cashiering.models import LockboxDeposit
from cashiering.queries.lockbox import lockbox_deposits_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField
from hms_ach.api.file_stream import FileView, file_of
from hms_ach.money import Money


class LockboxChequeDocument(serializers.Serializer):
    """One cheque: it paid invoices, or lies in suspense under its id."""

    id = serializers.CharField()
    batch = serializers.CharField()
    item = serializers.CharField()
    number = serializers.CharField()
    amount = MoneyField()
    payment = serializers.CharField(allow_null=True)
    problem = serializers.CharField(help_text="why it is in suspense; empty where it paid")


class LockboxDepositDocument(serializers.Serializer):
    """What one lockbox received on one day."""

    id = serializers.CharField()
    facility = serializers.CharField()
    lockbox = serializers.CharField()
    deposited_on = serializers.DateField()
    total = MoneyField()
    bank_confirmed_on = serializers.DateField(allow_null=True)
    cheques = LockboxChequeDocument(many=True)

    def to_representation(self, row: LockboxDeposit) -> dict[str, Any]:
        confirmed_on = row.bank_confirmed_on
        return {
            "id": row.public_id,
            "facility": row.facility.code,
            "lockbox": row.lockbox,
            "deposited_on": row.deposited_on.isoformat(),
            "total": Money(row.total_minor, row.currency).as_json(),
            "bank_confirmed_on": confirmed_on.isoformat() if confirmed_on else None,
            "cheques": [
                {
                    "id": each.public_id,
                    "batch": each.batch,
                    "item": each.item,
                    "number": each.number,
                    "amount": Money(each.amount_minor, row.currency).as_json(),
                    "payment": each.payment.public_id if each.payment else None,
                    "problem": each.problem,
                }
                for each in row.cheques.all()
            ],
        }


class LockboxDepositList(ApiView):
    """GET lists the deposits of the client's lockboxes with their cheques, the newest first."""

    required_scope = "advices:write"
    required_permission = "cashiering.view_advice"
    pagination_class = CursorPages

    @extend_schema(operation_id="lockbox_deposits_list", responses=LockboxDepositDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        rows = lockbox_deposits_of(self.facilities).prefetch_related("cheques__payment")
        return self.paged(rows, LockboxDepositDocument)


class LockboxFile(FileView):
    """PUT takes in a BAI lockbox file for a facility, or a ZIP of it and its pictures: all of it or nothing.

    What was taken in before changes nothing: 201 where something is new, 200 otherwise.
    """

    required_scope = "advices:write"
    required_permission = "cashiering.take_lockbox_file"

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: LockboxDepositDocument(many=True), 201: LockboxDepositDocument(many=True)},
    )
    def put(self, request: ApiRequest, facility: str, name: str) -> Response:
        taken = take_lockbox_file(
            content=file_of(request, MAX_BYTES),
            name=name,
            facility=self.facility(facility),
            actor=request.user,
        )
        status = 200 if len(taken.deposits) == taken.known else 201
        return Response(LockboxDepositDocument(taken.deposits, many=True).data, status=status)


class LockboxImagesDocument(serializers.Serializer):
    """How many pictures were kept, and how many were here before."""

    added = serializers.IntegerField()
    known = serializers.IntegerField()


class LockboxImages(FileView):
    """PUT keeps pictures with a deposit's cheques: a ZIP, or one PNG, JPEG, TIFF or PDF; all of them or none.

    Named by batch and item, such as 001-002-F.png. The same again changes nothing: 201 where something is
    new, 200 otherwise.
    """

    required_scope = "advices:write"
    required_permission = "cashiering.take_lockbox_file"

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={200: LockboxImagesDocument, 201: LockboxImagesDocument},
    )
    def put(self, request: ApiRequest, deposit: str, name: str) -> Response:
        row = get_object_or_404(lockbox_deposits_of(self.facilities), public_id=deposit)
        added = add_lockbox_images(
            content=file_of(request, MAX_BYTES), name=name, deposit=row, actor=request.user
        )
        return Response(LockboxImagesDocument(added).data, status=201 if added.added else 200)
