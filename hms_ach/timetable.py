"""What runs by the clock, and when. Hours are UTC."""

from datetime import timedelta

from celery.schedules import crontab

_MAILS = "cashiering.tasks.sweep_receipt_mails"
_DELIVERIES = "ledger.tasks.sweep_deliveries"
_TRIES = "reconciliation.tasks.sweep_rule_requests"
_PRINTS = "cashiering.tasks.sweep_receipt_prints"
_TEXTS = "cashiering.tasks.sweep_receipt_texts"

TIMETABLE: dict[str, dict] = {
    "reconcile the banks": {"task": "reconciliation.tasks.reconcile_accounts", "schedule": crontab(0, 10)},
    "draw matches to check": {"task": "reconciliation.tasks.draw_samples", "schedule": crontab(0, 12)},
    "add the books up again": {"task": "ledger.tasks.check_all_balances", "schedule": crontab(30, 8)},
    "cross-check billed and collected": {"task": "cashiering.tasks.cross_check", "schedule": crontab(15, 9)},
    "settle card batches of nothing": {
        "task": "cashiering.tasks.settle_batches_of_nothing",
        "schedule": crontab(20, 9),
    },
    "watch the clearing accounts": {
        "task": "ledger.tasks.watch_clearing_accounts",
        "schedule": crontab(45, 8),
    },
    "write journals that are due": {"task": "ledger.tasks.write_due_journals", "schedule": crontab(0, 8)},
    "deliver GL batches that are owed": {"task": _DELIVERIES, "schedule": timedelta(seconds=30)},
    "fetch the banks' files": {"task": "reconciliation.tasks.fetch_from_banks", "schedule": crontab(30, 9)},
    "try learnt rules that are asked for": {"task": _TRIES, "schedule": timedelta(minutes=1)},
    "check the totals of the bill": {"task": "billing.tasks.check_control_totals", "schedule": crontab(0, 9)},
    "seal the audit trail": {"task": "hms_ach.audit.tasks.seal", "schedule": timedelta(seconds=60)},
    "check the audit trail": {"task": "hms_ach.audit.tasks.check", "schedule": timedelta(hours=1)},
    "send receipts that are owed": {"task": _MAILS, "schedule": timedelta(seconds=15)},
    "text receipts that are owed": {"task": _TEXTS, "schedule": timedelta(seconds=15)},
    "print receipts that are owed": {"task": _PRINTS, "schedule": timedelta(seconds=5)},
    "send webhooks that are owed": {"task": "hms_ach.outbox.tasks.sweep", "schedule": timedelta(seconds=15)},
    "forget old replies": {"task": "hms_ach.idempotency.tasks.prune", "schedule": timedelta(days=1)},
}
