"""Nobody puts another person behind a PIN or a badge."""

from django.db import migrations

from hms_ach.sql import written_once


class Migration(migrations.Migration):
    dependencies = [("access", "0014_arrivals")]

    operations = [written_once("access_deskcode", "user_id")]
