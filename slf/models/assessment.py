"""One filling-in of a questionnaire, and what it said at each saving."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models import Household
from ppaos.orm import Entity
from problems.models import FIRST_YEAR_BE, LAST_YEAR_BE, IncomeThreshold
from slf.instrument import Capital
from slf.models.questionnaire import Questionnaire
from slf.models.scores import (
    SCORE_FIELDS,
    overall_needs_all_capitals,
    score_field,
    scores_in_range,
)
from slf.querysets import AssessmentQuerySet
from slf.workflow import Period, State


class Assessment(Entity):
    """One filling-in of a questionnaire for a household, year, round and period.

    `answers` maps question code to the answer, or to member id → answer; `amounts` holds
    sums of money as text. Scores are there exactly when it is complete; they are rounded
    from unrounded means, which `detail` keeps with the reason of every item.
    """

    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="assessments"
    )
    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="แบบประเมิน", on_delete=models.PROTECT, related_name="+"
    )
    year_be = models.PositiveSmallIntegerField("ปี พ.ศ.")
    round = models.PositiveSmallIntegerField("ครั้งที่", default=1)
    period = models.CharField(
        "ช่วง", max_length=6, choices=Period.choices(), default=Period.BEFORE.value
    )
    state = models.CharField(
        "สถานะ", max_length=10, choices=State.choices(), default=State.DRAFT.value
    )
    assessed_on = models.DateField("วันที่ประเมิน")
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้ประเมิน", on_delete=models.PROTECT, related_name="+"
    )
    answers = models.JSONField("คำตอบ", default=dict, blank=True)
    amounts = models.JSONField("จำนวนเงิน", default=dict, blank=True)
    human = score_field("ทุนมนุษย์")
    physical = score_field("ทุนกายภาพ")
    financial = score_field("ทุนการเงิน")
    natural = score_field("ทุนธรรมชาติ")
    social = score_field("ทุนสังคม")
    overall = score_field("คะแนนรวม")
    level = models.PositiveSmallIntegerField("ระดับ", null=True, blank=True)
    weakest = models.CharField(
        "ทุนที่อ่อนที่สุด", max_length=10, choices=Capital.choices(), null=True, blank=True
    )
    is_incomplete = models.BooleanField("ข้อมูลไม่ครบ", default=False)
    band_version = models.PositiveSmallIntegerField("รุ่นของเกณฑ์ระดับ", null=True, blank=True)
    threshold = models.ForeignKey(
        IncomeThreshold,
        verbose_name="เกณฑ์รายได้",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    detail = models.JSONField("ที่มาของคะแนน", default=dict, blank=True)
    version = models.PositiveIntegerField("รุ่นของคำตอบ", default=1)
    updated_at = models.DateTimeField("แก้ไขเมื่อ")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "ผลประเมินทุน 5 ด้าน"
        verbose_name_plural = "ผลประเมินทุน 5 ด้าน"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "year_be", "round", "period"],
                name="assessment_once_per_household_year_round_and_period",
                violation_error_message="ครัวเรือนนี้มีผลประเมินของปี ครั้ง และช่วงนี้แล้ว",
            ),
            models.CheckConstraint(
                name="assessment_scores_1_to_4_or_none",
                condition=scores_in_range(SCORE_FIELDS),
                violation_error_message="คะแนนต้องเป็น 1.00 ถึง 4.00 หรือไม่มี",
            ),
            models.CheckConstraint(
                name="assessment_level_1_to_4_or_none",
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=4),
                violation_error_message="ระดับต้องเป็น 1 ถึง 4 หรือไม่มี",
            ),
            models.CheckConstraint(
                name="assessment_overall_exactly_with_five_capitals",
                condition=overall_needs_all_capitals(),
                violation_error_message="คะแนนรวมต้องมีครบทั้ง 5 ทุน",
            ),
            models.CheckConstraint(
                name="assessment_results_exactly_when_complete",
                condition=Q(
                    state=State.DRAFT.value,
                    band_version__isnull=True,
                    threshold__isnull=True,
                    overall__isnull=True,
                    is_incomplete=False,
                )
                | Q(
                    state=State.COMPLETE.value,
                    band_version__isnull=False,
                    threshold__isnull=False,
                    is_incomplete=Q(overall__isnull=True),
                ),
                violation_error_message="ผลประเมินที่เสร็จแล้วต้องระบุรุ่นของเกณฑ์ที่ใช้",
            ),
            models.CheckConstraint(
                name="assessment_year_and_round_in_range",
                condition=Q(year_be__gte=FIRST_YEAR_BE, year_be__lte=LAST_YEAR_BE, round__gte=1),
                violation_error_message="ปีต้องเป็น พ.ศ. และครั้งที่ต้องเริ่มจาก 1",
            ),
        ]
        indexes = [models.Index(fields=["household", "-year_be"], name="assessment_household_year")]

    def __str__(self) -> str:
        return f"ปี {self.year_be} ครั้งที่ {self.round} {self.get_period_display()}"


class AssessmentRevision(Entity):
    """What a complete assessment said at one time; the database refuses to change a row."""

    assessment = models.ForeignKey(
        Assessment, verbose_name="ผลประเมิน", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField("ฉบับที่")
    answers = models.JSONField("คำตอบ")
    amounts = models.JSONField("จำนวนเงิน")
    results = models.JSONField("ผล")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้บันทึก", on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField("บันทึกเมื่อ")
    reason = models.CharField("เหตุผล", max_length=300)

    class Meta:
        verbose_name = "ประวัติผลประเมิน"
        verbose_name_plural = "ประวัติผลประเมิน"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="assessmentrevision_number_once"
            ),
            models.CheckConstraint(
                name="assessmentrevision_number_from_1", condition=Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="assessmentrevision_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="ระบุเหตุผลที่แก้ไข",
            ),
        ]

    def __str__(self) -> str:
        return f"ฉบับที่ {self.number}"
