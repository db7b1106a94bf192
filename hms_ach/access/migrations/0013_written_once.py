"""Who made an API client, and when, is written once."""

from django.db import migrations

from hms_ach.sql import written_once


class Migration(migrations.Migration):
    dependencies = [("access", "0012_statistic_scopes")]

    operations = [
        written_once("access_apiclient", "created_by_id", "created_at"),
    ]
