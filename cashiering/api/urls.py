"""Addresses of the cashiering API, mounted at /api/ach/."""

from django.urls import path

from cashiering.api.payment import PaymentList, PaymentOne

urlpatterns = [
    path("payments", PaymentList.as_view(), name="payments"),
    path("payments/<str:public_id>", PaymentOne.as_view(), name="payment"),
]
