from django.db import migrations

from hms_ach.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [append_only("outbox_event"), append_only("outbox_attempt")]
