"""HMS-ACH: the project package and its kernel."""

from hms_ach.celery import app as celery_app

__all__ = ["celery_app"]
