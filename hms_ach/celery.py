"""The Celery application: queues for people who wait, bank files and nightly work."""

import gc
import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hms_ach.settings")

app = Celery("hms_ach")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def keep_the_program(**_kwargs: object) -> None:
    """Let no search for garbage go through what is loaded for good: a small run of matching is quicker."""
    gc.collect()
    gc.freeze()
