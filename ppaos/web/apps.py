from django.apps import AppConfig

# Imported for its effect: in every process, tasks are sent by this Celery application.
from ppaos.celery import app as celery_app

__all__ = ["WebConfig", "celery_app"]


class WebConfig(AppConfig):
    name = "ppaos.web"
    verbose_name = "PPAOS"
