"""A reopening that is declined, or withdrawn, with who, when and why."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0030_first_look"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("periodreopening", "declined_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "periodreopening", "declined_because", models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            "periodreopening",
            "declined_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RemoveConstraint("periodreopening", "ledger_periodreopening_one_awaiting"),
        migrations.AddConstraint(
            "periodreopening",
            models.UniqueConstraint(
                condition=Q(("approved_by__isnull", True), ("declined_by__isnull", True)),
                fields=("period", "round", "of_state"),
                name="ledger_periodreopening_one_awaiting",
            ),
        ),
        migrations.AddConstraint(
            "periodreopening",
            models.CheckConstraint(
                condition=Q(declined_by__isnull=True, declined_at__isnull=True, declined_because="")
                | Q(declined_by__isnull=False, declined_at__isnull=False, approved_by__isnull=True)
                & ~Q(declined_because=""),
                name="ledger_periodreopening_decline_whole",
            ),
        ),
        run_sql_file(SQL / "0031_declined_reopenings.up.sql"),
    ]
