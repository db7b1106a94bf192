"""People, facilities and roles."""

import datetime
import django.contrib.auth.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A database that has all of these has this one.
REPLACED = (
    "0001_initial", "0008_desk_codes", "0010_badge_waiting",
)


class Migration(migrations.Migration):
    initial = True

    replaces = [("access", name) for name in REPLACED]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name='LegalEntity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('functional_currency', models.CharField(default='USD', max_length=3)),
                ('country', models.CharField(default='US', max_length=2)),
            ],
        ),
        migrations.CreateModel(
            name='Facility',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('address', models.TextField(blank=True)),
                ('timezone', models.CharField(default='America/New_York', max_length=40)),
                ('business_day_cutoff', models.TimeField(default=datetime.time(4, 0))),
                ('currency', models.CharField(default='USD', max_length=3)),
                ('legal_entity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facilities', to='access.legalentity')),
            ],
            options={
                'permissions': [('work_in_facility', 'May work in the facility')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='access.facility')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('facility', 'code'), name='access_department_code_in_facility')],
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=60)),
                ('year', models.PositiveIntegerField()),
                ('last_number', models.PositiveBigIntegerField()),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='access.facility')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'facility', 'year'), name='access_number_series_key')],
            },
        ),
        migrations.CreateModel(
            name='RoleConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('CASHIER', 'Cashier'), ('HEAD_CASHIER', 'Head cashier'), ('BILLING_CLERK', 'Billing clerk'), ('FINANCE_REVIEWER', 'Finance reviewer'), ('FINANCE_APPROVER', 'Finance approver'), ('CONTROLLER', 'Controller'), ('AUDITOR', 'Auditor'), ('INTEGRATOR', 'Integrator (API client)'), ('ADMINISTRATOR', 'Administrator')], max_length=20)),
                ('other_role', models.CharField(choices=[('CASHIER', 'Cashier'), ('HEAD_CASHIER', 'Head cashier'), ('BILLING_CLERK', 'Billing clerk'), ('FINANCE_REVIEWER', 'Finance reviewer'), ('FINANCE_APPROVER', 'Finance approver'), ('CONTROLLER', 'Controller'), ('AUDITOR', 'Auditor'), ('INTEGRATOR', 'Integrator (API client)'), ('ADMINISTRATOR', 'Administrator')], max_length=20)),
                ('reason', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('role', 'other_role'), name='access_role_conflict_pair'),
                    models.CheckConstraint(condition=models.Q(('role__lt', models.F('other_role'))), name='access_role_conflict_in_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(max_length=60, unique=True)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('kind', models.CharField(choices=[('PERSON', 'Person'), ('SERVICE', 'Service account')], default='PERSON', max_length=10)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='access_user_no_superuser'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['PERSON', 'SERVICE'])), name='access_user_known_kind'),
                ],
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='DeskAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_right', models.BooleanField()),
                ('tried_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [
                    models.Index(fields=['asked_by', '-id'], name='access_desk_attempt_asked'),
                    models.Index(fields=['person', '-id'], name='access_desk_attempt_person'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DeskCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pin_hash', models.CharField(blank=True, max_length=128)),
                ('badge_hash', models.CharField(blank=True, max_length=64)),
                ('pin_set_at', models.DateTimeField(null=True)),
                ('badge_set_at', models.DateTimeField(null=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='desk_code', to=settings.AUTH_USER_MODEL)),
                ('enrolled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('waiting_hash', models.CharField(blank=True, max_length=64)),
                ('waiting_since', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('badge_hash', ''), _negated=True), fields=('badge_hash',), name='access_desk_code_badge_once'),
                    models.UniqueConstraint(condition=models.Q(('waiting_hash', ''), _negated=True), fields=('waiting_hash',), name='access_desk_code_waiting_once'),
                    models.CheckConstraint(condition=models.Q(('waiting_hash', ''), models.Q(('enrolled_by__isnull', False), ('waiting_since__isnull', False)), _connector='OR'), name='access_desk_code_waiting_by_somebody'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FacilityGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='access.facility')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'unique_together': set(),
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('user', 'permission', 'content_object'), name='access_facility_grant_once')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('CASHIER', 'Cashier'), ('HEAD_CASHIER', 'Head cashier'), ('BILLING_CLERK', 'Billing clerk'), ('FINANCE_REVIEWER', 'Finance reviewer'), ('FINANCE_APPROVER', 'Finance approver'), ('CONTROLLER', 'Controller'), ('AUDITOR', 'Auditor'), ('INTEGRATOR', 'Integrator (API client)'), ('ADMINISTRATOR', 'Administrator')], max_length=20)),
                ('granted_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('revocation_reason', models.CharField(blank=True, max_length=200)),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user', 'role'), name='access_role_grant_held_once'),
                    models.CheckConstraint(condition=models.Q(('granted_by', None), models.Q(('granted_by', models.F('user')), _negated=True), _connector='OR'), name='access_role_grant_not_to_oneself'),
                    models.CheckConstraint(condition=models.Q(('role__in', ['CASHIER', 'HEAD_CASHIER', 'BILLING_CLERK', 'FINANCE_REVIEWER', 'FINANCE_APPROVER', 'CONTROLLER', 'AUDITOR', 'INTEGRATOR', 'ADMINISTRATOR'])), name='access_role_grant_known_role'),
                    models.CheckConstraint(condition=models.Q(('revoked_at', None), ('revoked_at__gte', models.F('granted_at')), _connector='OR'), name='access_role_grant_ends_after_start'),
                ],
            },
        ),
    ]
