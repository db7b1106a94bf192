"""Cash to the smallest coin."""

import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0008_desk_codes'),
        ('billing', '0002_rules'),
        ('cashiering', '0016_shift'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='cashiering_payment_unapplied_within_total',
        ),
        migrations.RemoveConstraint(
            model_name='tillpolicy',
            name='cashiering_till_policy_limits_in_order',
        ),
        migrations.AddField(
            model_name='historicaltillpolicy',
            name='cash_coin_minor',
            field=models.BigIntegerField(default=1, help_text='the smallest coin in use'),
        ),
        migrations.AddField(
            model_name='payment',
            name='rounding_minor',
            field=models.BigIntegerField(default=0, help_text='what cash paid beyond what was due, for want of a smaller coin; below zero: less'),
        ),
        migrations.AddField(
            model_name='tillpolicy',
            name='cash_coin_minor',
            field=models.BigIntegerField(default=1, help_text='the smallest coin in use'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('unapplied_minor__gte', 0), ('unapplied_minor__lte', django.db.models.expressions.CombinedExpression(models.F('total_minor'), '-', models.F('rounding_minor')))), name='cashiering_payment_unapplied_within_total'),
        ),
        migrations.AddConstraint(
            model_name='tillpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('cash_coin_minor__gte', 1), ('cheque_fee_minor__gte', 0), ('paid_out_limit_minor__gte', 0), ('refund_alone_minor__gte', 0), ('refund_supervisor_minor__gte', models.F('refund_alone_minor')), ('variance_free_minor__gte', 0), ('variance_supervisor_minor__gte', models.F('variance_free_minor')), ('void_alone_minor__gte', 0)), name='cashiering_till_policy_limits_in_order'),
        ),
    ]
