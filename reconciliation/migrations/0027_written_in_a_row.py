"""Matches are written with fewer indexes, and checked with less reading."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import RunSql, run_sql_file

HERE = Path(__file__).parent / "sql"
LIKE = "reconciliation_match_public_id_ab489f9e_like"


class Migration(migrations.Migration):
    dependencies = [
        ("reconciliation", "0026_day_correction"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Nobody looks for a match by a part of its id.
        RunSql(
            f"DROP INDEX {LIKE}",
            f"CREATE INDEX {LIKE} ON reconciliation_match (public_id varchar_pattern_ops)",
        ),
        migrations.AlterField(
            model_name="match",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(
                condition=models.Q(("made_by__isnull", False)),
                fields=["made_by"],
                name="reconciliation_match_made_by",
            ),
        ),
        # That an undo exists is checked where a part is given one, and no part is born undone.
        migrations.AlterField(
            model_name="matchline",
            name="undo",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reconciliation.matchundo",
            ),
        ),
        migrations.AlterField(
            model_name="matchitem",
            name="undo",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reconciliation.matchundo",
            ),
        ),
        run_sql_file(HERE / "0027_written_in_a_row.up.sql"),
    ]
