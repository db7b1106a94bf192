"""The whole address space, one line a noun."""

from django.urls import include, path

urlpatterns = [
    path("", include("hms_ach.home.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("hms_ach.api.urls")),
    path("ledger/", include("ledger.screens.urls")),
    path("billing/", include("billing.screens.urls")),
    path("cashiering/", include("cashiering.screens.urls")),
    path("reconciliation/", include("reconciliation.screens.urls")),
    path("api/ach/", include("ledger.api.urls")),
    path("api/ach/", include("billing.api.urls")),
    path("api/ach/", include("cashiering.api.urls")),
    path("api/ach/", include("reconciliation.api.urls")),
]
