from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "hms_ach.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
