from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "hms_ach.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
