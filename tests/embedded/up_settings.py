"""The product's settings with one more task, and without the minutes of compressing files."""

from ppaos.settings import *  # noqa: F403

CELERY_IMPORTS = ("tests.embedded.patient_task",)
STATICFILES_FINDERS = []
