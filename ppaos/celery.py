"""The Celery application. Tasks live in each app's tasks.py; jobs/ alone sends them."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppaos.settings")

app = Celery("ppaos")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def give_way_to_pages(**_: Any) -> None:
    """Let the web server go first where both want the processor; what it starts inherits that."""
    os.nice(settings.WORKER_NICENESS)
