"""Addresses of the cashiering API, mounted at /api/ach/."""

from django.urls import path

from cashiering.api.advice import AdviceFile, AdviceList, AdviceOne
from cashiering.api.deposit import DepositList, DepositOne
from cashiering.api.lockbox import LockboxDepositList, LockboxFile, LockboxImages
from cashiering.api.payment import PaymentList, PaymentOne
from cashiering.api.payment_return import PaymentReturnList, PaymentReturnOne
from cashiering.api.payout import PayoutList, PayoutReport
from cashiering.api.refund import RefundList, RefundOne
from cashiering.api.session import SessionList, SessionOne, SessionReading

urlpatterns = [
    path("advices", AdviceList.as_view(), name="advices"),
    path("advices/<str:public_id>", AdviceOne.as_view(), name="advice"),
    path("advice-files/<str:facility>/<str:name>", AdviceFile.as_view(), name="advice-file"),
    path("deposits", DepositList.as_view(), name="deposits"),
    path("deposits/<str:public_id>", DepositOne.as_view(), name="deposit"),
    path("sessions", SessionList.as_view(), name="sessions"),
    path("sessions/<str:public_id>", SessionOne.as_view(), name="session"),
    path("sessions/<str:public_id>/reading", SessionReading.as_view(), name="session-reading"),
    path("payments", PaymentList.as_view(), name="payments"),
    path("payments/<str:public_id>", PaymentOne.as_view(), name="payment"),
    path("lockbox-deposits", LockboxDepositList.as_view(), name="lockbox-deposits"),
    path("lockbox-files/<str:facility>/<str:name>", LockboxFile.as_view(), name="lockbox-file"),
    path("lockbox-images/<str:deposit>/<str:name>", LockboxImages.as_view(), name="lockbox-images"),
    path("payouts", PayoutList.as_view(), name="payouts"),
    path("payout-reports/<str:facility>/<str:name>", PayoutReport.as_view(), name="payout-report"),
    path("payment-returns", PaymentReturnList.as_view(), name="payment-returns"),
    path("payment-returns/<str:public_id>", PaymentReturnOne.as_view(), name="payment-return"),
    path("refunds", RefundList.as_view(), name="refunds"),
    path("refunds/<str:public_id>", RefundOne.as_view(), name="refund"),
]
