from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
from households.models import Household
from ppaos.orm import Entity, SealedTextField
from problems.models import Problem
from referrals.querysets import ReferralQuerySet
from referrals.workflow import LIVE, SENT, Action, ClosingReason, Result, Status, Urgency


def _values(statuses: "frozenset[Status] | tuple[Status, ...]") -> list[str]:
    return sorted(status.value for status in statuses)


_TAKEN_ON = (Status.ACCEPTED, Status.IN_PROGRESS, Status.HELPED, Status.CHECKED)


class Referral(Entity):
    """One problem of one household, handed to one agency that answers for it.

    `due_on` is the last day on which whoever has to act now is in time; none where
    nobody is waited for. `reported_by` is who last said that help was given.
    """

    number = models.CharField("เลขที่เรื่อง", max_length=24, unique=True)
    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="referrals"
    )
    problem = models.ForeignKey(
        Problem, verbose_name="ปัญหา", on_delete=models.PROTECT, related_name="referrals"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงานรับเรื่อง",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="referrals",
    )
    status = models.CharField(
        "สถานะ", max_length=12, choices=Status.choices(), default=Status.DRAFT.value
    )
    urgency = models.CharField(
        "ความเร่งด่วน", max_length=12, choices=Urgency.choices(), default=Urgency.NORMAL.value
    )
    need = SealedTextField("สิ่งที่ขอให้ช่วย", null=True, blank=True)
    # Why this agency: of the rule, or that a person chose it. Text for people, without names.
    routing_reason = models.CharField("เหตุที่เลือกหน่วยงาน", max_length=300, blank=True)
    due_on = models.DateField("กำหนด", null=True, blank=True)
    expected_date = models.DateField("คาดว่าจะแล้วเสร็จ", null=True, blank=True)
    result = models.CharField("ผลตามหน่วยงาน", max_length=12, choices=Result.choices(), blank=True)
    closing_reason = models.CharField(
        "เหตุที่ปิด", max_length=14, choices=ClosingReason.choices(), blank=True
    )
    transferred_from = models.OneToOneField(
        "self",
        verbose_name="ต่อจากเรื่อง",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="transferred_to",
    )
    created_at = models.DateTimeField("สร้างเมื่อ")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้สร้าง", on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("ส่งต่อเมื่อ", null=True, blank=True)
    received_at = models.DateTimeField("รับเรื่องเมื่อ", null=True, blank=True)
    accepted_at = models.DateTimeField("รับดำเนินการเมื่อ", null=True, blank=True)
    helped_at = models.DateTimeField("แจ้งผลช่วยเหลือเมื่อ", null=True, blank=True)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้แจ้งผลช่วยเหลือ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField("สอบทานผลเมื่อ", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้สอบทานผล",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    problem_remains = models.BooleanField("ปัญหายังอยู่", null=True, blank=True)
    ended_at = models.DateTimeField("สิ้นสุดเมื่อ", null=True, blank=True)
    moved_at = models.DateTimeField("สถานะนี้ตั้งแต่")
    version = models.PositiveIntegerField("รุ่น", default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "เรื่องส่งต่อ"
        verbose_name_plural = "เรื่องส่งต่อ"
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "agency"],
                condition=Q(status__in=_values(LIVE)),
                name="referral_one_live_per_problem_and_agency",
                violation_error_message="ส่งปัญหานี้ให้หน่วยงานนี้ไปแล้ว และเรื่องยังไม่สิ้นสุด",
            ),
            models.CheckConstraint(
                name="referral_sent_has_agency_and_time",
                condition=~Q(status__in=_values(SENT))
                | Q(agency__isnull=False, submitted_at__isnull=False),
                violation_error_message="เรื่องที่ส่งแล้วต้องมีหน่วยงานและเวลาที่ส่ง",
            ),
            models.CheckConstraint(
                name="referral_accepted_has_expected_date",
                condition=~Q(status__in=_values(_TAKEN_ON))
                | Q(accepted_at__isnull=False, expected_date__isnull=False),
                violation_error_message="ระบุวันที่คาดว่าจะแล้วเสร็จ",
            ),
            models.CheckConstraint(
                name="referral_helped_has_reporter_and_result",
                condition=~Q(status__in=_values((Status.HELPED, Status.CHECKED)))
                | (Q(helped_at__isnull=False, reported_by__isnull=False) & ~Q(result="")),
                violation_error_message="ระบุผู้แจ้งและผลการช่วยเหลือ",
            ),
            models.CheckConstraint(
                name="referral_check_all_or_none",
                condition=Q(
                    checked_at__isnull=True, checked_by__isnull=True, problem_remains__isnull=True
                )
                | Q(
                    checked_at__isnull=False,
                    checked_by__isnull=False,
                    problem_remains__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="referral_checked_by_another_than_the_reporter",
                condition=Q(checked_by__isnull=True)
                | Q(reported_by__isnull=True)
                | ~Q(checked_by=models.F("reported_by")),
                violation_error_message="ผู้แจ้งผลช่วยเหลือสอบทานผลของตนเองไม่ได้",
            ),
            models.CheckConstraint(
                name="referral_ended_exactly_when_closed_or_cancelled",
                condition=Q(status__in=_values(LIVE), ended_at__isnull=True, closing_reason="")
                | (Q(status=Status.CLOSED.value, ended_at__isnull=False) & ~Q(closing_reason=""))
                | Q(status=Status.CANCELLED.value, ended_at__isnull=False, closing_reason=""),
                violation_error_message="เรื่องที่ปิดแล้วต้องมีเหตุและเวลาที่ปิด",
            ),
            models.CheckConstraint(
                name="referral_status_is_known",
                condition=Q(status__in=_values(tuple(Status))),
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "status", "due_on"], name="referral_inbox"),
            models.Index(
                fields=["due_on"],
                condition=Q(due_on__isnull=False),
                name="referral_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ReferralEvent(Entity):
    """One move of a referral; the database refuses to change it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(
        "การกระทำ", max_length=12, choices=[("create", "สร้างเรื่อง"), *Action.choices()]
    )
    from_status = models.CharField(max_length=12, choices=Status.choices(), blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices())
    at = models.DateTimeField("เมื่อ")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="โดย", on_delete=models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงานขณะนั้น",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = SealedTextField("บันทึก", null=True, blank=True)

    class Meta:
        verbose_name = "ความเคลื่อนไหวของเรื่อง"
        verbose_name_plural = "ความเคลื่อนไหวของเรื่อง"
        indexes = [models.Index(fields=["referral", "at"], name="referralevent_referral")]

    def __str__(self) -> str:
        return self.get_action_display()


class ReferralSeries(models.Model):
    """The last number given in a province and year of พ.ศ."""

    year_be = models.SmallIntegerField()
    province_code = models.CharField(max_length=2, db_collation="C")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year_be", "province_code"], name="referralseries_once"
            ),
        ]

    def __str__(self) -> str:
        return f"RF-{self.year_be}-{self.province_code}"
