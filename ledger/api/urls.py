"""Addresses of the ledger API, mounted at /api/ach/."""

from django.urls import path

from ledger.api.account import AccountDetail, AccountRoles, Accounts
from ledger.api.exchange_rate import ExchangeRates
from ledger.api.gl_batch import GlBatchAcknowledgments, GlBatchContent, GlBatches, GlBatchExports
from ledger.api.journal import JournalDetail, Journals, JournalWithdrawals
from ledger.api.journal_evidence import JournalEvidence, JournalEvidenceFile
from ledger.api.statistic import StatisticAccounts, StatisticReversals, Statistics
from ledger.api.trial_balance import TrialBalances

urlpatterns = [
    path("accounts", Accounts.as_view()),
    path("accounts/<str:entity_code>/<str:number>", AccountDetail.as_view()),
    path("account-roles", AccountRoles.as_view()),
    path("trial-balances", TrialBalances.as_view()),
    path("exchange-rates", ExchangeRates.as_view()),
    path("statistic-accounts", StatisticAccounts.as_view()),
    path("statistics", Statistics.as_view()),
    path("statistics/<str:public_id>/reversals", StatisticReversals.as_view()),
    path("journals", Journals.as_view()),
    path("journals/<str:public_id>", JournalDetail.as_view()),
    path("journals/<str:public_id>/withdrawals", JournalWithdrawals.as_view()),
    path("journals/<str:public_id>/evidence/<str:file_id>", JournalEvidenceFile.as_view()),
    path("journal-evidence/<str:facility>/<str:name>", JournalEvidence.as_view()),
    path("gl-batches", GlBatches.as_view()),
    path("gl-batches/<str:public_id>", GlBatchContent.as_view()),
    path("gl-batches/<str:public_id>/exports", GlBatchExports.as_view()),
    path("gl-batches/<str:public_id>/acknowledgments", GlBatchAcknowledgments.as_view()),
]
