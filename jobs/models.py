"""One row per piece of background work: the job's truth, whatever the broker remembers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from jobs.workflow import State
from ppaos.orm import Entity


class Job(Entity):
    """Work to be done once, however often a message about it arrives.

    A worker holds the row by a lease that it must renew; when the lease runs
    out the sweeper sends the job again. `kind` is the name of the Celery task
    and `subject_id` the row it works on. Jobs with a `queue` wait for each other
    there: people take turns, and `turn_at` is when this job last got one.
    `waits_until` says when a job that something outside holds up is tried again;
    `error` then says what it waits for.
    """

    kind = models.CharField("งาน", max_length=100)
    subject_id = models.UUIDField("รหัสข้อมูล")
    queue = models.CharField("คิว", max_length=20, blank=True, default="")
    state = models.CharField("สถานะ", max_length=12, choices=State.choices(), default=State.QUEUED)
    created_at = models.DateTimeField("สร้างเมื่อ")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField("ส่งเข้าคิวเมื่อ", null=True)
    started_at = models.DateTimeField("เริ่มเมื่อ", null=True)
    finished_at = models.DateTimeField("เสร็จเมื่อ", null=True)
    turn_at = models.DateTimeField("ถึงคิวเมื่อ", null=True)
    waits_until = models.DateTimeField("ลองใหม่เมื่อ", null=True)
    attempts = models.PositiveSmallIntegerField("ครั้งที่ลอง", default=0)
    resumed = models.PositiveSmallIntegerField("ทำต่อกี่ครั้ง", default=0)
    lease_token = models.UUIDField("สัญญาจอง", null=True)
    lease_until = models.DateTimeField("จองถึง", null=True)
    stage = models.CharField("ขั้นตอน", max_length=60, blank=True)
    done = models.PositiveBigIntegerField("ทำแล้ว", default=0)
    total = models.PositiveBigIntegerField("ทั้งหมด", null=True)
    speed = models.PositiveIntegerField("ทำได้ต่อวินาที", null=True)
    error = models.CharField("สาเหตุที่ไม่สำเร็จ", max_length=500, blank=True)

    class Meta:
        verbose_name = "งานเบื้องหลัง"
        verbose_name_plural = "งานเบื้องหลัง"
        constraints = [
            models.CheckConstraint(
                name="job_lease_exactly_while_running",
                condition=Q(
                    state=State.RUNNING, lease_token__isnull=False, lease_until__isnull=False
                )
                | (~Q(state=State.RUNNING) & Q(lease_token__isnull=True, lease_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="job_finished_exactly_when_ended",
                condition=Q(state__in=State.live(), finished_at__isnull=True)
                | (~Q(state__in=State.live()) & Q(finished_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_id"],
                condition=Q(state__in=State.live()),
                name="job_one_live_per_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
            models.Index(fields=["subject_id", "-created_at"], name="job_subject"),
            models.Index(fields=["queue", "created_by", "-turn_at"], name="job_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
