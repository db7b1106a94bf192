"""The longest shift of a facility."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cashiering", "0015_refund_people")]

    operations = [
        migrations.AddField(
            model_name="historicaltillpolicy",
            name="shift_hours",
            field=models.PositiveSmallIntegerField(default=12, help_text="longest shift; none when empty", null=True),
        ),
        migrations.AddField(
            model_name="tillpolicy",
            name="shift_hours",
            field=models.PositiveSmallIntegerField(default=12, help_text="longest shift; none when empty", null=True),
        ),
        migrations.AddConstraint(
            model_name="tillpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("shift_hours__isnull", True), models.Q(("shift_hours__gte", 1), ("shift_hours__lte", 24)), _connector="OR"),
                name="cashiering_till_policy_shift_of_a_day_at_most",
            ),
        ),
    ]
