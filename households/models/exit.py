"""How a household leaves the targets."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models.household import Household
from households.models.verification import Verification
from households.querysets import ExitQuerySet
from households.workflow import ExitReason, ExitState, Stage
from ppaos.orm import Entity, SealedTextField


class Exit(Entity):
    """A proposal that the household leaves the targets, and what became of it.

    `evidence` is what the rule of `rule_version` found on the day of the proposal: codes
    and figures, no text about people. `decided_…` stays when an approval is revoked.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="exits")
    reason = models.CharField("เหตุที่พ้น", max_length=16, choices=ExitReason.choices())
    note = SealedTextField("บันทึก", null=True, blank=True)
    state = models.CharField(
        "สถานะ", max_length=10, choices=ExitState.choices(), default=ExitState.PROPOSED
    )
    verification = models.ForeignKey(
        Verification, null=True, blank=True, on_delete=models.PROTECT, related_name="exits"
    )
    stage_before = models.CharField(max_length=20, choices=Stage.choices())
    stage_date_before = models.DateField()
    proposed_at = models.DateTimeField("เสนอเมื่อ")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.JSONField("หลักฐานตามเกณฑ์", default=dict, blank=True)
    rule_version = models.PositiveSmallIntegerField("รุ่นของเกณฑ์", null=True, blank=True)
    decided_at = models.DateTimeField("ตัดสินเมื่อ", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_reason = models.CharField("เหตุที่ไม่อนุมัติ", max_length=300, blank=True)
    relapse_check_on = models.DateField("ติดตามซ้ำเมื่อ", null=True, blank=True)
    revoked_at = models.DateTimeField("ยกเลิกเมื่อ", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_reason = models.CharField("เหตุที่ยกเลิก", max_length=300, blank=True)

    objects = ExitQuerySet.as_manager()

    class Meta:
        verbose_name = "การพ้นเป้าหมาย"
        verbose_name_plural = "การพ้นเป้าหมาย"
        constraints = [
            models.CheckConstraint(
                name="exit_decided_exactly_when_not_proposed",
                condition=Q(
                    state=ExitState.PROPOSED, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=ExitState.PROPOSED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="exit_revocation_all_or_none",
                condition=(
                    ~Q(state=ExitState.REVOKED)
                    & Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                )
                | (
                    Q(
                        state=ExitState.REVOKED,
                        revoked_at__isnull=False,
                        revoked_by__isnull=False,
                    )
                    & ~Q(revoked_reason="")
                ),
                violation_error_message="การยกเลิกต้องมีผู้ยกเลิก เวลา และเหตุผลครบ",
            ),
            models.CheckConstraint(
                name="exit_evidence_exactly_with_its_rule",
                condition=Q(evidence={}, rule_version__isnull=True)
                | (~Q(evidence={}) & Q(rule_version__isnull=False)),
            ),
            models.CheckConstraint(
                name="exit_relapse_check_only_after_approval",
                condition=Q(relapse_check_on__isnull=True) | Q(state=ExitState.APPROVED),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=[ExitState.PROPOSED, ExitState.APPROVED]),
                name="exit_one_standing_per_household",
                violation_error_message="ครัวเรือนนี้มีข้อเสนอหรือผลการพ้นเป้าหมายอยู่แล้ว",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"],
                condition=Q(state=ExitState.PROPOSED),
                name="exit_waiting",
            ),
            models.Index(
                fields=["-decided_at"],
                condition=Q(state__in=[ExitState.APPROVED, ExitState.REVOKED, ExitState.REJECTED]),
                name="exit_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class RelapseCheck(Entity):
    """What somebody found at the house some months after it had left the targets."""

    exit = models.OneToOneField(Exit, on_delete=models.PROTECT, related_name="relapse_check")
    due_on = models.DateField("ครบกำหนดเมื่อ")
    checked_on = models.DateField("วันที่เยี่ยม")
    fell_back = models.BooleanField("กลับมายากจนอีก")
    note = SealedTextField("สิ่งที่พบ", null=True, blank=True)
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "การติดตามหลังพ้นเป้าหมาย"
        verbose_name_plural = "การติดตามหลังพ้นเป้าหมาย"

    def __str__(self) -> str:
        return "กลับมายากจนอีก" if self.fell_back else "ยังพ้นความยากจน"
