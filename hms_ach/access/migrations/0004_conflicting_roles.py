"""The pairs of roles that nobody holds together."""

from django.db import migrations

PREPARERS = ["CASHIER", "HEAD_CASHIER", "BILLING_CLERK", "FINANCE_REVIEWER"]
MONEY = [*PREPARERS, "FINANCE_APPROVER", "CONTROLLER"]
HUMAN = [*MONEY, "AUDITOR", "ADMINISTRATOR"]

REASONS = {
    **{(role, "FINANCE_APPROVER"): "whoever prepares does not approve." for role in PREPARERS},
    ("CONTROLLER", "FINANCE_APPROVER"): "whoever decides the account map does not release what it maps.",
    **{(role, "ADMINISTRATOR"): "whoever manages users handles no money." for role in MONEY},
    **{(role, "AUDITOR"): "an auditor changes nothing." for role in [*MONEY, "ADMINISTRATOR"]},
    **{(role, "INTEGRATOR"): "an API client is not a person." for role in HUMAN},
}


def seed(apps, schema_editor) -> None:
    conflict = apps.get_model("access", "RoleConflict")
    rows = {tuple(sorted(pair)): reason for pair, reason in REASONS.items()}
    conflict.objects.using(schema_editor.connection.alias).bulk_create(
        conflict(role=role, other_role=other, reason=reason) for (role, other), reason in sorted(rows.items())
    )


def unseed(apps, schema_editor) -> None:
    apps.get_model("access", "RoleConflict").objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    replaces = [("access", "0003_role_conflicts")]
    dependencies = [("access", "0003_api_client")]

    operations = [migrations.RunPython(seed, unseed)]
