"""Addresses of the reconciliation API, mounted at /api/ach/."""

from django.urls import path

from reconciliation.api.account_tolerance import ToleranceList
from reconciliation.api.certification import CertificationList
from reconciliation.api.learnt_rule import LearntRuleList
from reconciliation.api.statement import BankStatement, BankStatementList

urlpatterns = [
    path("bank-statements", BankStatementList.as_view(), name="bank-statement-list"),
    path("bank-statements/<str:account>/<str:statement>", BankStatement.as_view(), name="bank-statement"),
    path("bank-certifications", CertificationList.as_view(), name="certification-list"),
    path("tolerances", ToleranceList.as_view(), name="tolerance-list"),
    path("learnt-rules", LearntRuleList.as_view(), name="learnt-rule-list"),
]
