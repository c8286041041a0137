"""Questionnaires as versioned rows, assessments, and the livelihood group of a household."""

from collections.abc import Iterable
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models import Household
from households.workflow import Source
from ppaos.orm import Entity, SealedTextField
from problems.models import FIRST_YEAR_BE, LAST_YEAR_BE, IncomeThreshold
from slf.instrument import Capital, Group, Method, NonFarmRule, Rule, Scope, SubType, Who
from slf.querysets import (
    AssessmentQuerySet,
    LevelBandQuerySet,
    ListedCapitalsQuerySet,
    LivelihoodProfileQuerySet,
    QuestionnaireQuerySet,
)
from slf.workflow import Period, QuestionnaireStatus, State


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


def _score(label: str) -> "models.DecimalField[Decimal | int | str | None, Decimal | None]":
    return models.DecimalField(label, max_digits=3, decimal_places=2, null=True, blank=True)


SCORE_FIELDS = (*(capital.value for capital in Capital), "overall")


def _in_range(names: Iterable[str]) -> Q:
    rule = Q()
    for name in names:
        rule &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 1, f"{name}__lte": 4})
    return rule


def _overall_needs_all_capitals() -> Q:
    known = Q(overall__isnull=False, level__isnull=False, weakest__isnull=False)
    for capital in Capital:
        known &= Q(**{f"{capital.value}__isnull": False})
    return known | Q(overall__isnull=True, level__isnull=True, weakest__isnull=True)


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
    human = _score("ทุนมนุษย์")
    physical = _score("ทุนกายภาพ")
    financial = _score("ทุนการเงิน")
    natural = _score("ทุนธรรมชาติ")
    social = _score("ทุนสังคม")
    overall = _score("คะแนนรวม")
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
                condition=_in_range(SCORE_FIELDS),
                violation_error_message="คะแนนต้องเป็น 1.00 ถึง 4.00 หรือไม่มี",
            ),
            models.CheckConstraint(
                name="assessment_level_1_to_4_or_none",
                condition=Q(level__isnull=True) | Q(level__gte=1, level__lte=4),
                violation_error_message="ระดับต้องเป็น 1 ถึง 4 หรือไม่มี",
            ),
            models.CheckConstraint(
                name="assessment_overall_exactly_with_five_capitals",
                condition=_overall_needs_all_capitals(),
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


class ListedCapitals(Entity):
    """What a list says of a household's five capitals, without the answers behind them.

    Never an assessment: nobody can tell how the scores came about.
    """

    household = models.ForeignKey(
        Household,
        verbose_name="ครัวเรือน",
        on_delete=models.PROTECT,
        related_name="listed_capitals",
    )
    source = models.CharField("บัญชี", max_length=14, choices=Source.choices())
    year_be = models.PositiveSmallIntegerField("ปี พ.ศ.")
    human = _score("ทุนมนุษย์")
    physical = _score("ทุนกายภาพ")
    financial = _score("ทุนการเงิน")
    natural = _score("ทุนธรรมชาติ")
    social = _score("ทุนสังคม")

    objects = ListedCapitalsQuerySet.as_manager()

    class Meta:
        verbose_name = "คะแนนทุนตามบัญชี"
        verbose_name_plural = "คะแนนทุนตามบัญชี"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "source", "year_be"],
                name="listedcapitals_household_once_a_year",
                violation_error_message="มีคะแนนของครัวเรือนนี้จากบัญชีและปีนี้แล้ว",
            ),
            models.CheckConstraint(
                name="listedcapitals_scores_1_to_4_or_none",
                condition=_in_range(capital.value for capital in Capital),
                violation_error_message="คะแนนต้องเป็น 1.00 ถึง 4.00 หรือไม่มี",
            ),
            models.CheckConstraint(
                name="listedcapitals_year_is_be",
                condition=Q(year_be__gte=FIRST_YEAR_BE, year_be__lte=LAST_YEAR_BE),
                violation_error_message="ปีต้องเป็น พ.ศ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.year_be}"

    @property
    def scores(self) -> list[tuple[Capital, Decimal | None]]:
        """Every capital with the score that the list gives it."""
        return [(capital, getattr(self, capital.value)) for capital in Capital]


class LivelihoodProfile(Entity):
    """The livelihood group of a household, by which rule and why; older ones are kept.

    `group` is what holds; `rule_group` is what the rule says, which differs only while
    staff have set another group with a note.
    """

    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="profiles"
    )
    assessment = models.ForeignKey(
        Assessment, verbose_name="ผลประเมิน", on_delete=models.PROTECT, related_name="profiles"
    )
    group = models.CharField("กลุ่ม", max_length=14, choices=Group.choices())
    rule_group = models.CharField("กลุ่มตามเกณฑ์", max_length=14, choices=Group.choices())
    sub_types = ArrayField(
        models.CharField(max_length=14, choices=SubType.choices()),
        verbose_name="ประเภทย่อย",
        default=list,
        blank=True,
    )
    primary = models.CharField(
        "ประเภทหลัก", max_length=14, choices=SubType.choices(), null=True, blank=True
    )
    rule = models.CharField("เกณฑ์", max_length=6, choices=Rule.choices())
    rule_version = models.PositiveSmallIntegerField("รุ่นของเกณฑ์")
    reasons = ArrayField(models.CharField(max_length=300), verbose_name="เหตุผล", default=list)
    decided_at = models.DateTimeField("จัดกลุ่มเมื่อ")
    superseded_at = models.DateTimeField("แทนที่เมื่อ", null=True, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้ปรับกลุ่ม",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    overridden_at = models.DateTimeField("ปรับกลุ่มเมื่อ", null=True, blank=True)
    override_note = SealedTextField("เหตุที่ปรับกลุ่ม", null=True, blank=True)

    objects = LivelihoodProfileQuerySet.as_manager()

    class Meta:
        verbose_name = "กลุ่มการดำรงชีพ"
        verbose_name_plural = "กลุ่มการดำรงชีพ"
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(superseded_at__isnull=True),
                name="livelihoodprofile_one_current_per_household",
                violation_error_message="ครัวเรือนมีกลุ่มปัจจุบันได้หนึ่งกลุ่ม",
            ),
            models.CheckConstraint(
                name="livelihoodprofile_override_all_or_none",
                condition=Q(
                    overridden_by__isnull=True,
                    overridden_at__isnull=True,
                    override_note__isnull=True,
                    group=F("rule_group"),
                )
                | Q(
                    overridden_by__isnull=False,
                    overridden_at__isnull=False,
                    override_note__isnull=False,
                ),
                violation_error_message="การปรับกลุ่มต้องมีผู้ปรับ เวลา และเหตุผลครบ",
            ),
            models.CheckConstraint(
                name="livelihoodprofile_primary_is_the_first_sub_type",
                condition=Q(primary__isnull=True, sub_types__len=0)
                | Q(primary__isnull=False, sub_types__len__gte=1, primary=F("sub_types__0")),
                violation_error_message="ประเภทหลักต้องเป็นประเภทย่อยลำดับแรก",
            ),
            models.CheckConstraint(
                name="livelihoodprofile_group_is_known",
                condition=Q(
                    group__in=[group.value for group in Group],
                    rule_group__in=[group.value for group in Group],
                ),
                violation_error_message="ไม่รู้จักกลุ่มนี้",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "household"],
                condition=Q(superseded_at__isnull=True),
                name="livelihoodprofile_group",
            )
        ]

    def __str__(self) -> str:
        return self.get_group_display()
