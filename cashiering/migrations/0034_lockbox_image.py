"""Pictures of a lockbox's cheques and stubs."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("cashiering", "0033_payouts"),
        ("files", "0002_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LockboxImage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("FRONT", "Front of the cheque"),
                            ("BACK", "Back of the cheque"),
                            ("STUB", "Stub"),
                        ],
                        max_length=5,
                    ),
                ),
                ("page", models.PositiveSmallIntegerField(default=1)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "cheque",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="images",
                        to="cashiering.lockboxcheque",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="lockboximage",
            constraint=models.UniqueConstraint(
                fields=("cheque", "side", "page"), name="cashiering_lockboximage_once_a_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="lockboximage",
            constraint=models.CheckConstraint(
                condition=models.Q(("page__gt", 0)), name="cashiering_lockboximage_page_from_one"
            ),
        ),
        run_sql_file(_SQL / "0034_lockbox_image.up.sql"),
    ]
