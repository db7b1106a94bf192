"""The cash book, and whose cash point a register is."""

import django.db.models.deletion
import django.db.models.expressions
import hms_ach.ids
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0011_advices'),
        ('cashiering', '0021_foreign_cash'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalregister',
            name='department',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='access.department'),
        ),
        migrations.AddField(
            model_name='register',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.department'),
        ),
        migrations.CreateModel(
            name='CashBookPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', hms_ach.ids.PublicIdField(prefix='cbp')),
                ('business_on', models.DateField()),
                ('number', models.PositiveIntegerField()),
                ('written_at', models.DateTimeField()),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cash_book_pages', to='cashiering.deposit')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.facility')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CashBookLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=40)),
                ('currency', models.CharField(max_length=3)),
                ('opening_minor', models.BigIntegerField()),
                ('receipts_minor', models.BigIntegerField()),
                ('payments_minor', models.BigIntegerField()),
                ('handed_minor', models.BigIntegerField()),
                ('deposits_minor', models.BigIntegerField()),
                ('other_minor', models.BigIntegerField()),
                ('closing_minor', models.BigIntegerField()),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='access.department')),
                ('register', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cashiering.register')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='cashiering.cashbookpage')),
            ],
        ),
        migrations.AddConstraint(
            model_name='cashbookpage',
            constraint=models.UniqueConstraint(fields=('facility', 'business_on'), name='cashiering_cash_book_page_once'),
        ),
        migrations.AddConstraint(
            model_name='cashbookline',
            constraint=models.UniqueConstraint(fields=('page', 'role', 'register', 'currency'), name='cashiering_cash_book_line_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='cashbookline',
            constraint=models.CheckConstraint(condition=models.Q(('closing_minor', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('opening_minor'), '+', models.F('receipts_minor')), '+', models.F('payments_minor')), '+', models.F('handed_minor')), '+', models.F('deposits_minor')), '+', models.F('other_minor')))), name='cashiering_cash_book_line_adds_up'),
        ),
        append_only("cashiering_cashbookpage"),
        append_only("cashiering_cashbookline"),
    ]
