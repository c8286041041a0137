"""The product's settings with one more task, for workers that are going to be killed."""

from tests.journeys.settings import *  # noqa: F403

CELERY_IMPORTS = ("tests.faults.tasks",)
