"""The product's settings with more tasks, for workers that are going to be killed."""

from ppaos.settings import CELERY_BEAT_SCHEDULE as _SCHEDULE
from tests.journeys.settings import *  # noqa: F403

CELERY_IMPORTS = ("tests.faults.tasks", "tests.faults.poison")
CELERY_BEAT_SCHEDULE = {
    name: entry | {"schedule": 1.0} if entry["task"] == "imports.settle" else entry
    for name, entry in _SCHEDULE.items()
}
