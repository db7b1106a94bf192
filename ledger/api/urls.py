"""Addresses of the ledger API, mounted at /api/ach/."""

from django.urls import path

from ledger.api.exchange_rate import ExchangeRates
from ledger.api.gl_batch import GlBatchAcknowledgments, GlBatchContent, GlBatches, GlBatchExports

urlpatterns = [
    path("exchange-rates", ExchangeRates.as_view()),
    path("gl-batches", GlBatches.as_view()),
    path("gl-batches/<str:public_id>", GlBatchContent.as_view()),
    path("gl-batches/<str:public_id>/exports", GlBatchExports.as_view()),
    path("gl-batches/<str:public_id>/acknowledgments", GlBatchAcknowledgments.as_view()),
]
