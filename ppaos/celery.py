"""The Celery application. Tasks live in each app's tasks.py; jobs/ alone sends them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppaos.settings")

app = Celery("ppaos")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
