"""Order watched work as a view does: `python -m tests.faults.order COUNT`; prints the job ids."""

import sys

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils.timezone import now  # noqa: E402

from jobs.services import enqueue  # noqa: E402
from ppaos.orm import uuid7  # noqa: E402


def main(count: int) -> None:
    with transaction.atomic():
        jobs = [
            enqueue(kind="tests.watched", subject_id=uuid7(), by=None, at=now())
            for _ in range(count)
        ]
    sys.stdout.write("\n".join(str(job.pk) for job in jobs))


if __name__ == "__main__":
    main(int(sys.argv[1]))
