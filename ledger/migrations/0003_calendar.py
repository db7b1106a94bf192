"""Periods of any fiscal calendar, late entries, and lines that carry a difference of exchange."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
PATTERNS = [
    ("MONTH", "Calendar months"),
    ("4-4-5", "Weeks, 4-4-5"),
    ("4-5-4", "Weeks, 4-5-4"),
    ("5-4-4", "Weeks, 5-4-4"),
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.AddField(
            "period", "fiscal_year", models.PositiveSmallIntegerField(default=1), preserve_default=False
        ),
        migrations.AddField(
            "period", "number", models.PositiveSmallIntegerField(default=1), preserve_default=False
        ),
        run_sql_file(SQL / "0003_period_numbers.up.sql"),
        migrations.RemoveConstraint("period", "ledger_period_month_in_entity"),
        migrations.AddConstraint(
            "period",
            models.UniqueConstraint(
                fields=["legal_entity", "starts_on"], name="ledger_period_start_in_entity"
            ),
        ),
        migrations.AddConstraint(
            "period",
            models.UniqueConstraint(
                fields=["legal_entity", "fiscal_year", "number"], name="ledger_period_number_in_year"
            ),
        ),
        migrations.AddConstraint(
            "period",
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), number__gte=1), name="ledger_period_in_order"
            ),
        ),
        migrations.CreateModel(
            name="FiscalCalendar",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
                ("pattern", models.CharField(max_length=5, choices=PATTERNS)),
                ("year_starts_month", models.PositiveSmallIntegerField(default=1)),
                ("week_ends_on", models.PositiveSmallIntegerField(default=6)),
                ("applies_from", models.DateField()),
                (
                    "legal_entity",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="access.legalentity"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["legal_entity", "applies_from"], name="ledger_fiscalcalendar_one_a_day"
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            year_starts_month__range=(1, 12),
                            week_ends_on__range=(1, 7),
                            pattern__in=[code for code, _label in PATTERNS],
                        ),
                        name="ledger_fiscalcalendar_known",
                    ),
                ]
            },
        ),
        migrations.AddField("entry", "belongs_on", models.DateField(null=True)),
        migrations.AddIndex(
            "entry",
            models.Index(
                fields=["legal_entity", "belongs_on"],
                condition=Q(belongs_on__isnull=False),
                name="ledger_entry_late",
            ),
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=Q(belongs_on__isnull=True) | Q(belongs_on__lt=F("effective_on")),
                name="ledger_entry_late_is_later",
            ),
        ),
        migrations.RemoveConstraint("posting", "ledger_posting_not_zero"),
        migrations.AddConstraint(
            "posting",
            models.CheckConstraint(
                condition=~Q(amount_minor=0, functional_minor=0), name="ledger_posting_not_zero"
            ),
        ),
        run_sql_file(SQL / "0003_calendar.up.sql"),
        append_only("ledger_fiscalcalendar"),
    ]
