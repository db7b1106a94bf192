"""Another ledger doing the entries of bench_ledger_entries; run by the Python of an environment of its own.

python -m tests.benchmarks.peer NAME prepare
python -m tests.benchmarks.peer NAME CLIENTS SECONDS POSTINGS      prints entries a second
"""

import os
import sys
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import django
from django.conf import settings

APPS = {
    "hordak": ["djmoney", "mptt", "hordak"],
    "django_ledger": ["django_ledger"],
}
AMOUNT = 125


def main(name: str, *arguments: str) -> None:
    _configure(name)
    if arguments == ("prepare",):
        _prepare(name)
        return
    from tests.benchmarks import together

    clients, seconds, postings = int(arguments[0]), float(arguments[1]), int(arguments[2])
    work = {"hordak": _hordak, "django_ledger": _django_ledger}[name](postings)
    try:
        sys.stdout.write(f"{together.rate(work, clients=clients, seconds=seconds)}\n")
    except together.ClientFailed as failure:
        sys.exit(str(failure))


def _configure(name: str) -> None:
    """A schema of its own in the benchmark's database, as its owner."""
    url = urlsplit(os.environ["DATABASE_OWNER_URL"])
    settings.configure(
        SECRET_KEY="only-for-benchmarks",
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *APPS[name]],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.path[1:],
                "USER": url.username,
                "PASSWORD": unquote(url.password or ""),
                "HOST": parse_qs(url.query)["host"][0],
                "OPTIONS": {"options": f"-c search_path={name}"},
                "CONN_MAX_AGE": 600,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DEFAULT_CURRENCY="USD",
        CURRENCIES=["USD"],
        USE_TZ=True,
    )
    django.setup()


def _prepare(name: str) -> None:
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
    call_command("migrate", verbosity=0)
    {"hordak": _prepare_hordak, "django_ledger": _prepare_django_ledger}[name]()


def _prepare_hordak() -> None:
    from hordak.models import Account, AccountType

    for number in range(5):
        Account.objects.create(
            name=f"A{number}", code=str(number), type=AccountType.asset, currencies=["USD"]
        )


def _hordak(n_postings: int) -> Any:
    """As its documentation posts: a transaction and its legs in one database transaction."""
    from django.db import transaction
    from hordak.models import Account, Leg, Transaction
    from moneyed import Money

    accounts = list(Account.objects.order_by("code"))

    def post(key: str) -> None:
        with transaction.atomic():
            entry = Transaction.objects.create(description=key)
            whole = Money(AMOUNT * (n_postings - 1), "USD")
            Leg.objects.create(transaction=entry, account=accounts[0], debit=whole)
            for account in accounts[1:n_postings]:
                Leg.objects.create(transaction=entry, account=account, credit=Money(AMOUNT, "USD"))

    return post


def _prepare_django_ledger() -> None:
    from django.contrib.auth import get_user_model
    from django_ledger.io import roles
    from django_ledger.models import EntityModel

    admin = get_user_model().objects.create_user("bench")
    entity = EntityModel.create_entity(name="Bench", admin=admin, use_accrual_method=True, fy_start_month=1)
    chart = entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="Bench")
    for number in range(5):
        chart.create_account(
            code=f"10{number}0",
            role=roles.ASSET_CA_CASH,
            name=f"A{number}",
            balance_type="debit",
            active=True,
        )
    entity.create_ledger(name="Bench", posted=True)
    # The year's first entry makes the row that numbers all others. Clients who do so at once get a row each,
    # and every entry after that fails: MultipleObjectsReturned, told by a RecursionError.
    _django_ledger(2)("first")


def _django_ledger(n_postings: int) -> Any:
    """As its documentation posts: commit_txs on an entity, posted."""
    from django_ledger.models import AccountModel, EntityModel, LedgerModel

    entity = EntityModel.objects.get()
    ledger = LedgerModel.objects.get(name="Bench")
    accounts = list(AccountModel.objects.filter(code__regex="^10[0-4]0$").order_by("code"))
    lines = [
        {"account": accounts[0], "tx_type": "debit", "amount": AMOUNT * (n_postings - 1), "description": ""}
    ]
    lines += [
        {"account": account, "tx_type": "credit", "amount": AMOUNT, "description": ""}
        for account in accounts[1:n_postings]
    ]

    def post(key: str) -> None:
        entity.commit_txs(
            je_timestamp=datetime(2026, 3, 12, tzinfo=UTC),
            je_txs=lines,
            je_ledger_model=ledger,
            je_posted=True,
            je_desc=key[:70],
        )

    return post


if __name__ == "__main__":
    main(*sys.argv[1:])
