"""The Celery application: queues for people who wait, bank files and nightly work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms_ach.settings")

app = Celery("hms_ach")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
