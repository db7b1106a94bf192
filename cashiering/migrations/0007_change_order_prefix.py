from django.db import migrations

import hms_ach.ids


class Migration(migrations.Migration):
    dependencies = [("cashiering", "0006_credits")]

    operations = [
        migrations.AlterField(
            model_name="changeorder",
            name="public_id",
            field=hms_ach.ids.PublicIdField(prefix="cho"),
        ),
    ]
