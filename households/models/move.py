"""Where a household or a person came from, and who says so. Rows are added, never rewritten."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from areas.models import Area
from households.models.household import Household
from households.models.member import Member
from households.querysets import HouseholdMoveQuerySet
from households.workflow import MoveReason, MoveState
from ppaos.orm import Entity, SealedTextField


class HouseholdMove(Entity):
    """A household went from one place to another, or somebody asks that it may.

    Whoever works in both places moves at once (DONE). Else the move is asked for, the
    household stays where it is, and the receiving office accepts or refuses.
    `place_…` are the address and position as typed, without the area.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="moves")
    reason = models.CharField("เหตุที่ย้าย", max_length=12, choices=MoveReason.choices())
    note = SealedTextField("บันทึก", null=True, blank=True)
    state = models.CharField("สถานะ", max_length=10, choices=MoveState.choices())
    moved_on = models.DateField("ย้ายเมื่อ")
    from_area = models.ForeignKey(
        Area, verbose_name="จาก", on_delete=models.PROTECT, related_name="+"
    )
    to_area = models.ForeignKey(Area, verbose_name="ไป", on_delete=models.PROTECT, related_name="+")
    # The empty defaults are the database's too: changes of areas are written in one statement.
    place_before = models.JSONField("ที่อยู่เดิม", default=dict, db_default={})
    place_after = models.JSONField("ที่อยู่ใหม่", default=dict, db_default={})
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )
    asked_at = models.DateTimeField("บันทึกเมื่อ")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("ตัดสินเมื่อ", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_reason = models.CharField("เหตุที่ไม่รับ", max_length=300, blank=True, db_default="")

    objects = HouseholdMoveQuerySet.as_manager()

    class Meta:
        verbose_name = "การย้ายครัวเรือน"
        verbose_name_plural = "การย้ายครัวเรือน"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state=MoveState.ASKED),
                name="householdmove_one_asked_at_a_time",
                violation_error_message="มีคำขอย้ายที่รออยู่แล้ว",
            ),
            models.CheckConstraint(
                name="householdmove_decided_exactly_when_not_asked",
                condition=Q(state=MoveState.ASKED, decided_at__isnull=True, decided_by__isnull=True)
                | (
                    ~Q(state=MoveState.ASKED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="householdmove_refused_with_a_reason",
                condition=~Q(state=MoveState.REFUSED) | ~Q(decided_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-asked_at"], name="householdmove_household"),
            models.Index(
                fields=["to_area", "-asked_at"],
                condition=Q(state=MoveState.ASKED),
                name="householdmove_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_area_id} → {self.to_area_id}"


class MemberMove(Entity):
    """A person left one household and lives in another: two rows of Member, tied here.

    The row in the old household stays, so what was found there stays true.
    """

    member_before = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="moves_out")
    member_after = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="move_in")
    moved_on = models.DateField("ย้ายเมื่อ")
    was_head = models.BooleanField("เคยเป็นหัวหน้าครัวเรือน", default=False)
    is_split = models.BooleanField("แยกเป็นครัวเรือนใหม่", default=False)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField("ยกเลิกเมื่อ", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "การย้ายสมาชิก"
        verbose_name_plural = "การย้ายสมาชิก"
        constraints = [
            models.CheckConstraint(
                name="membermove_between_two_rows",
                condition=~Q(member_before=F("member_after")),
            ),
            models.CheckConstraint(
                name="membermove_undone_all_or_none",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_before_id} → {self.member_after_id}"
