"""Addresses of the reconciliation screens, mounted at /reconciliation/."""

from django.urls import path

from reconciliation.screens import (
    account,
    connection,
    day,
    discrepancy,
    inspection,
    match,
    proposal,
    sample,
    statement,
    suspense,
    trial,
)

app_name = "reconciliation"

urlpatterns = [
    path("statements/", statement.statement_list, name="statement-list"),
    path("accounts/", account.account_list, name="account-list"),
    path("accounts/<str:code>/", account.account_detail, name="account-detail"),
    path("accounts/<str:code>/profile/", account.account_profile, name="account-profile"),
    path("accounts/<str:code>/columns/", account.account_table, name="account-table"),
    path("connections/", connection.connection_list, name="connection-list"),
    path("connections/new/", connection.connection_new, name="connection-new"),
    path("connections/<str:public_id>/", connection.connection_detail, name="connection-detail"),
    path("connections/<str:public_id>/state/", connection.connection_state, name="connection-state"),
    path("connections/<str:public_id>/secret/", connection.connection_secret, name="connection-secret"),
    path("connections/<str:public_id>/fetching/", connection.connection_fetching, name="connection-fetching"),
    path("statements/inspection/", inspection.inspection, name="inspection"),
    path("statements/upload/", statement.statement_upload, name="statement-upload"),
    path("statements/files/<str:file_id>/", statement.statement_confirmation, name="statement-confirmation"),
    path("statements/<str:public_id>/", statement.statement_detail, name="statement-detail"),
    path("runs/", statement.run, name="run"),
    path("discrepancies/", discrepancy.discrepancy_list, name="discrepancy-list"),
    path("discrepancies/approvals/", proposal.approvals, name="approvals"),
    path("discrepancies/<str:public_id>/", discrepancy.discrepancy_detail, name="discrepancy-detail"),
    path("discrepancies/<str:public_id>/proposals/", proposal.proposals, name="proposals"),
    path("discrepancies/<str:public_id>/decision/", proposal.decision, name="decision"),
    path("discrepancies/<str:public_id>/notes/", discrepancy.notes, name="notes"),
    path("discrepancies/<str:public_id>/owner/", discrepancy.owner, name="owner"),
    path("discrepancies/<str:public_id>/files/", discrepancy.discrepancy_files, name="discrepancy-files"),
    path("matches/", match.match_list, name="match-list"),
    path("matches/<str:public_id>/", match.match_detail, name="match-detail"),
    path("matches/<str:public_id>/undoing/", match.undoing, name="undoing"),
    path("samples/", sample.sample_list, name="sample-list"),
    path("samples/<str:public_id>/", sample.sample_detail, name="sample-detail"),
    path("samples/<str:public_id>/judgement/", sample.judgement, name="sample-judgement"),
    path("suspense/", suspense.suspense_list, name="suspense-list"),
    path(
        "suspense/<str:code>/<str:currency>/<str:reference>/",
        suspense.suspense_detail,
        name="suspense-detail",
    ),
    path(
        "suspense/<str:code>/<str:currency>/<str:reference>/clearing/",
        suspense.suspense_clearing,
        name="suspense-clearing",
    ),
    path("clearings/<str:public_id>/decision/", suspense.clearing_decision, name="clearing-decision"),
    path("trial/", trial.trial, name="trial"),
    path("days/", day.day_list, name="day-list"),
    path("days/<str:facility>/<str:business_on>/", day.day_detail, name="day-detail"),
    path("days/<str:facility>/<str:business_on>/totals/", day.day_totals, name="day-totals"),
    path("days/<str:facility>/<str:business_on>/close/", day.close, name="day-close"),
]
