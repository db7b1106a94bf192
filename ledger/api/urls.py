"""Addresses of the ledger API, mounted at /api/ach/."""

from django.urls import path

from ledger.api.gl_batch import GlBatchContent, GlBatches

urlpatterns = [
    path("gl-batches", GlBatches.as_view()),
    path("gl-batches/<str:public_id>", GlBatchContent.as_view()),
]
