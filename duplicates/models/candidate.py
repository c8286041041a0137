"""Two rows of the register that may be one, and the searches that look for such."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from duplicates.querysets import CandidateQuerySet
from duplicates.workflow import Clue, Kind, RunState, State
from ppaos.orm import Entity


class Candidate(Entity):
    """Two persons or two households that may be one, with a score from 0 to 100.

    `one` and `other` (the smaller key first) name members or households without a foreign
    key: a suggestion must not keep an import from being taken back. The marks fingerprint
    what was compared: when "not the same" was said and a mark changes, the pair is open
    again.
    """

    kind = models.CharField("ชนิด", max_length=10, choices=Kind.choices())
    one = models.UUIDField("รายแรก")
    other = models.UUIDField("รายที่สอง")
    score = models.PositiveSmallIntegerField("คะแนน")
    clues = ArrayField(
        models.CharField(max_length=20, choices=Clue.choices()), verbose_name="เหตุผล", default=list
    )
    mark_one = models.BinaryField(max_length=16)
    mark_other = models.BinaryField(max_length=16)
    state = models.CharField("สถานะ", max_length=10, choices=State.choices(), default=State.OPEN)
    found_at = models.DateTimeField("พบเมื่อ")
    decided_at = models.DateTimeField("ตัดสินเมื่อ", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("เหตุผลที่ไม่ใช่รายเดียวกัน", max_length=300, blank=True)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "คู่ที่อาจซ้ำ"
        verbose_name_plural = "คู่ที่อาจซ้ำ"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="candidate_pair_once"),
            models.CheckConstraint(name="candidate_smaller_first", condition=Q(one__lt=F("other"))),
            models.CheckConstraint(name="candidate_score_is_0_to_100", condition=Q(score__lte=100)),
            models.CheckConstraint(
                name="candidate_distinct_has_who_when_and_why",
                condition=Q(
                    state=State.OPEN, decided_at__isnull=True, decided_by__isnull=True, reason=""
                )
                | Q(state=State.DISTINCT, decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(reason=""),
                violation_error_message="ระบุเหตุผลที่ไม่ใช่รายเดียวกัน",
            ),
        ]
        indexes = [
            models.Index(fields=["other"], name="candidate_other"),
            models.Index(
                fields=["-score", "id"], condition=Q(state=State.OPEN), name="candidate_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.score}"

    @property
    def clue_labels(self) -> list[str]:
        return [Clue(clue).label for clue in self.clues]


class Search(Entity):
    """One look for pairs among what changed since the search before; the subject of its job.

    It goes through the changes portion by portion, in the order of their moments and keys:
    `reached_…` is the last person of the portions that were looked at and kept.
    """

    asked_at = models.DateTimeField("สั่งเมื่อ")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=8, choices=RunState.choices(), default=RunState.WAITING)
    # Rows changed from this moment on are new to the next search.
    looked_at = models.DateTimeField("ดูข้อมูลถึง", null=True)
    reached_at = models.DateTimeField("ดูถึงการเปลี่ยนแปลงเมื่อ", null=True)
    reached_id = models.UUIDField("ดูถึงรายการ", null=True)
    people = models.PositiveIntegerField("บุคคลที่เปลี่ยน", default=0)
    found = models.PositiveIntegerField("คู่ที่พบ", default=0)

    class Meta:
        verbose_name = "การค้นหารายการซ้ำ"
        verbose_name_plural = "การค้นหารายการซ้ำ"
        constraints = [
            models.CheckConstraint(
                name="search_done_exactly_with_its_moment",
                condition=Q(state=RunState.WAITING, looked_at__isnull=True)
                | Q(state=RunState.DONE, looked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="search_reached_both_or_none",
                condition=Q(reached_at__isnull=True, reached_id__isnull=True)
                | Q(reached_at__isnull=False, reached_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.get_state_display()
