from django.apps import AppConfig


class IdempotencyConfig(AppConfig):
    name = "hms_ach.idempotency"
    label = "idempotency"
    default_auto_field = "django.db.models.BigAutoField"
