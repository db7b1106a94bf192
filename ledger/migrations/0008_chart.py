"""A chart that is a tree, and changes of account roles by two people."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import hms_ach.ids
from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
        ("ledger", "0007_mapping_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "account",
            "parent",
            models.ForeignKey(
                blank=True, null=True, on_delete=PROTECT, related_name="children", to="ledger.account"
            ),
        ),
        migrations.AddField(
            "historicalaccount",
            "parent",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="ledger.account",
            ),
        ),
        migrations.CreateModel(
            name="RoleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", hms_ach.ids.PublicIdField(prefix="rch")),
                ("role", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("is_approved", models.BooleanField(null=True)),
                ("account", models.ForeignKey(on_delete=PROTECT, related_name="+", to="ledger.account")),
                (
                    "decided_by",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("facility", models.ForeignKey(null=True, on_delete=PROTECT, to="access.facility")),
                ("legal_entity", models.ForeignKey(on_delete=PROTECT, to="access.legalentity")),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                        name="ledger_rolechange_two_people",
                    ),
                    models.CheckConstraint(
                        condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_approved__isnull=True)
                        | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                        name="ledger_rolechange_decision_whole",
                    ),
                    models.CheckConstraint(condition=~Q(reason=""), name="ledger_rolechange_has_reason"),
                ]
            },
        ),
        migrations.AddField(
            "accountrole",
            "change",
            models.OneToOneField(
                null=True, on_delete=PROTECT, related_name="assignment", to="ledger.rolechange"
            ),
        ),
        run_sql_file(SQL / "0008_chart.up.sql"),
    ]
