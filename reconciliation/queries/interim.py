"""Questions about what banks have announced and not yet stated."""

from django.db.models import Max, QuerySet

from reconciliation.models import BankAccount, InterimEntry, InterimReport, Statement


def reports_of(account: BankAccount) -> QuerySet[InterimReport]:
    """The account's reports, the newest day first."""
    return InterimReport.objects.filter(account=account).select_related("file").order_by("-to_on", "-id")


def announced(account: BankAccount) -> QuerySet[InterimEntry]:
    """What was announced for days after the last final statement; the rest is lines now. Two queries."""
    last_on = Statement.objects.filter(account=account).aggregate(last=Max("to_on"))["last"]
    rows = InterimEntry.objects.filter(account=account)
    if last_on is not None:
        rows = rows.filter(seen_on__gt=last_on)
    return rows.select_related("report").order_by("seen_on", "id")
