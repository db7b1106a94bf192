"""Cash above a drawer's limit is taken when another person agrees."""


from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cashiering', '0018_transfer_void'),
    ]

    operations = [
        migrations.AlterField(
            model_name='override',
            name='action',
            field=models.CharField(choices=[('VOID', 'Void above the limit'), ('CORRECTION', 'Tender correction above the limit'), ('REFUND', 'Refund approved in place'), ('CHEQUE', 'Cheque in spite of a block'), ('LIMIT', "Cash above the drawer's limit")], max_length=10),
        ),
    ]
