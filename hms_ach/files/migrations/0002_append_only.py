from django.db import migrations

from hms_ach.sql import append_only


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial")]

    operations = [append_only("files_storedfile"), append_only("files_chunk")]
