"""A safe count that is given up and made again; one bag for one number."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import run_sql_file

_SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_till_scopes'),
        ('cashiering', '0008_receipt_print'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='safecount',
            name='cashiering_safe_count_one_a_day',
        ),
        migrations.AlterField(
            model_name='safecount',
            name='state',
            field=models.CharField(choices=[('COUNTED', 'Counted by one'), ('EXACT', 'As the book says'), ('DIFFERENT', 'Difference to approve'), ('APPROVED', 'Difference approved'), ('DISCARDED', 'Given up, counted again')], default='COUNTED', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='cashtransfer',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'DROP'), ('state__in', ['OFFERED', 'ACCEPTED'])), fields=('facility', 'bag_number'), name='cashiering_transfer_bag_once'),
        ),
        migrations.AddConstraint(
            model_name='safecount',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'DISCARDED'), _negated=True), fields=('facility', 'business_on', 'currency'), name='cashiering_safe_count_one_a_day'),
        ),
        migrations.AddConstraint(
            model_name='safecount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'DISCARDED'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='cashiering_safe_count_discarded_with_reason'),
        ),
        run_sql_file(_SQL / "0009_custody_again.up.sql"),
    ]
