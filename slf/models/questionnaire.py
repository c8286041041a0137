"""Questionnaires and the bands of their levels, as versioned rows."""

from django.db import models
from django.db.models import F, Q

from ppaos.orm import Entity
from slf.instrument import Capital, Method, NonFarmRule, Scope, Who
from slf.querysets import LevelBandQuerySet, QuestionnaireQuerySet
from slf.workflow import QuestionnaireStatus


class Questionnaire(Entity):
    """One version of a questionnaire. Once used it is retired, never changed."""

    code = models.SlugField("รหัสแบบ", max_length=20)
    version = models.PositiveSmallIntegerField("รุ่น", default=1)
    title = models.CharField("ชื่อแบบ", max_length=200)
    status = models.CharField(
        "สถานะ",
        max_length=10,
        choices=QuestionnaireStatus.choices(),
        default=QuestionnaireStatus.DRAFT.value,
    )
    nonfarm = models.CharField(
        "ข้อเกษตรของครัวเรือนที่ไม่ทำเกษตร",
        max_length=4,
        choices=NonFarmRule.choices(),
        default=NonFarmRule.LEFT_OUT.value,
    )
    minimum_ratio = models.DecimalField(
        "สัดส่วนที่ต้องตอบ (0–1)", max_digits=3, decimal_places=2, default="0.60"
    )

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = "แบบประเมิน"
        verbose_name_plural = "แบบประเมิน"
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="questionnaire_code_and_version_once",
                violation_error_message="มีแบบประเมินรหัสและรุ่นนี้แล้ว",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(status=QuestionnaireStatus.ACTIVE.value),
                name="questionnaire_one_active_version",
                violation_error_message="แบบประเมินนี้มีรุ่นที่ใช้งานอยู่แล้ว",
            ),
            models.CheckConstraint(
                name="questionnaire_minimum_is_a_ratio",
                condition=Q(minimum_ratio__gt=0, minimum_ratio__lte=1),
                violation_error_message="สัดส่วนที่ต้องตอบต้องมากกว่า 0 และไม่เกิน 1",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} รุ่น {self.version}"


class Item(Entity):
    """One question. Without a capital it is asked and not scored, and weighs nothing."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="แบบประเมิน", on_delete=models.PROTECT, related_name="items"
    )
    position = models.PositiveSmallIntegerField("ลำดับ")
    code = models.CharField("ข้อ", max_length=10)
    capital = models.CharField(
        "ทุน", max_length=10, choices=Capital.choices(), null=True, blank=True
    )
    scope = models.CharField("ตอบโดย", max_length=10, choices=Scope.choices())
    question = models.CharField("คำถาม", max_length=300)
    method = models.CharField("วิธีได้คะแนน", max_length=20, choices=Method.choices())
    who = models.CharField("ใช้กับ", max_length=14, choices=Who.choices())
    age_min = models.PositiveSmallIntegerField("อายุตั้งแต่ (ปี)", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("อายุถึง (ปี)", null=True, blank=True)
    weight = models.DecimalField("น้ำหนัก", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = "ข้อคำถาม"
        verbose_name_plural = "ข้อคำถาม"
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "code"],
                name="item_code_once_in_its_questionnaire",
                violation_error_message="แบบประเมินนี้มีข้อนี้แล้ว",
            ),
            models.UniqueConstraint(
                fields=["questionnaire", "position"],
                name="item_position_once_in_its_questionnaire",
                violation_error_message="ลำดับนี้มีข้ออื่นอยู่แล้ว",
            ),
            models.CheckConstraint(
                name="item_weighs_exactly_with_a_capital",
                condition=Q(capital__isnull=True, weight=0)
                | Q(capital__isnull=False, weight__gt=0),
                violation_error_message="ข้อที่คิดคะแนนต้องมีทุนและน้ำหนักมากกว่า 0",
            ),
            models.CheckConstraint(
                name="item_ages_in_order",
                condition=Q(age_min__isnull=True)
                | Q(age_max__isnull=True)
                | Q(age_max__gte=F("age_min")),
                violation_error_message="อายุสูงสุดต้องไม่น้อยกว่าอายุต่ำสุด",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.question}"


class Choice(Entity):
    """The wording of one of the four levels of a question."""

    item = models.ForeignKey(
        Item, verbose_name="ข้อคำถาม", on_delete=models.PROTECT, related_name="choices"
    )
    level = models.PositiveSmallIntegerField("ระดับ")
    text = models.CharField("ถ้อยคำ", max_length=300)

    class Meta:
        verbose_name = "ตัวเลือก"
        verbose_name_plural = "ตัวเลือก"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "level"],
                name="choice_level_once_in_its_item",
                violation_error_message="ข้อนี้มีตัวเลือกของระดับนี้แล้ว",
            ),
            models.CheckConstraint(
                name="choice_level_is_1_to_4",
                condition=Q(level__gte=1, level__lte=4),
                violation_error_message="ระดับต้องเป็น 1 ถึง 4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.text}"


class LevelBand(Entity):
    """A level holds from `min_score` up to, and without, the next level's `min_score`."""

    version = models.PositiveSmallIntegerField("รุ่น", default=1)
    level = models.PositiveSmallIntegerField("ระดับ")
    min_score = models.DecimalField("คะแนนตั้งแต่", max_digits=3, decimal_places=2)
    name = models.CharField("ชื่อระดับ", max_length=60)

    objects = LevelBandQuerySet.as_manager()

    class Meta:
        verbose_name = "เกณฑ์ระดับทุน"
        verbose_name_plural = "เกณฑ์ระดับทุน"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "level"],
                name="levelband_level_once_in_its_version",
                violation_error_message="รุ่นนี้มีระดับนี้แล้ว",
            ),
            models.UniqueConstraint(
                fields=["version", "min_score"],
                name="levelband_score_once_in_its_version",
                violation_error_message="รุ่นนี้มีคะแนนเริ่มนี้แล้ว",
            ),
            models.CheckConstraint(
                name="levelband_level_and_score_in_range",
                condition=Q(level__gte=1, level__lte=4, min_score__gte=1, min_score__lte=4),
                violation_error_message="ระดับต้องเป็น 1 ถึง 4 และคะแนน 1.00 ถึง 4.00",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.name}"
