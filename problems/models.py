"""What a household lacks: official indicator results, and the problems to be solved."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

from households.models import Household, Member
from households.workflow import Source
from ppaos.orm import Entity, SealedTextField
from problems.querysets import IncomeThresholdQuerySet, IndicatorResultQuerySet, ProblemQuerySet
from problems.rules import CODES_BY_DIMENSION, Dimension, ProblemCode, Unit
from problems.workflow import Origin, Resolution, Status

FIRST_YEAR_BE, LAST_YEAR_BE = 2500, 2699
ALL_DIMENSIONS = 31


class IndicatorSet(Entity):
    """One edition of the จปฐ. form. Numbers of different sets are not comparable."""

    code = models.SlugField("รหัสแบบ", max_length=40)
    version = models.PositiveSmallIntegerField("รุ่น", default=1)
    name = models.CharField("ชื่อแบบ", max_length=200)
    year_from = models.PositiveSmallIntegerField("ใช้ตั้งแต่ปี พ.ศ.")
    year_to = models.PositiveSmallIntegerField("ใช้ถึงปี พ.ศ.")
    size = models.PositiveSmallIntegerField("จำนวนตัวชี้วัด")

    class Meta:
        verbose_name = "แบบ จปฐ."
        verbose_name_plural = "แบบ จปฐ."
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="indicatorset_code_and_version_once",
                violation_error_message="มีแบบ จปฐ. รหัสและรุ่นนี้แล้ว",
            ),
            models.CheckConstraint(
                name="indicatorset_years_in_order",
                condition=Q(year_from__gte=FIRST_YEAR_BE, year_to__gte=F("year_from")),
                violation_error_message="ปีเริ่มต้องเป็น พ.ศ. และไม่หลังปีสิ้นสุด",
            ),
            models.CheckConstraint(
                name="indicatorset_size_fits_the_mask",
                condition=Q(size__gte=1, size__lte=63),
                violation_error_message="แบบ จปฐ. มีตัวชี้วัดได้ 1 ถึง 63 ข้อ",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Indicator(Entity):
    """One indicator of a set; with a dimension it counts in TPMAP, without it does not.

    `section` 0 means that the section is not known yet.
    """

    indicator_set = models.ForeignKey(
        IndicatorSet, verbose_name="แบบ จปฐ.", on_delete=models.PROTECT, related_name="indicators"
    )
    number = models.PositiveSmallIntegerField("ข้อที่")
    wording = models.CharField("ถ้อยคำ", max_length=300)
    section = models.PositiveSmallIntegerField("หมวด")
    unit = models.CharField("ระดับ", max_length=10, choices=Unit.choices())
    age_min = models.PositiveSmallIntegerField("อายุตั้งแต่ (ปี)", null=True, blank=True)
    age_max = models.PositiveSmallIntegerField("อายุถึง (ปี)", null=True, blank=True)
    dimension = models.CharField(
        "มิติ", max_length=14, choices=Dimension.choices(), null=True, blank=True
    )
    counts_in_tpmap = models.BooleanField("นับใน TPMAP", default=False)

    class Meta:
        verbose_name = "ตัวชี้วัด จปฐ."
        verbose_name_plural = "ตัวชี้วัด จปฐ."
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_set", "number"],
                name="indicator_number_once_in_its_set",
                violation_error_message="แบบนี้มีตัวชี้วัดข้อนี้แล้ว",
            ),
            models.CheckConstraint(
                name="indicator_counts_exactly_with_a_dimension",
                condition=Q(counts_in_tpmap=True, dimension__isnull=False)
                | Q(counts_in_tpmap=False, dimension__isnull=True),
                violation_error_message="ตัวชี้วัดที่นับใน TPMAP ต้องมีมิติ และข้ออื่นต้องไม่มี",
            ),
            models.CheckConstraint(
                name="indicator_dimension_is_known",
                condition=Q(dimension__isnull=True)
                | Q(dimension__in=[dimension.value for dimension in Dimension]),
                violation_error_message="ไม่รู้จักมิตินี้",
            ),
            models.CheckConstraint(
                name="indicator_ages_in_order",
                condition=Q(age_min__isnull=True)
                | Q(age_max__isnull=True)
                | Q(age_max__gte=F("age_min")),
                violation_error_message="อายุสูงสุดต้องไม่น้อยกว่าอายุต่ำสุด",
            ),
            models.CheckConstraint(
                name="indicator_number_fits_the_mask",
                condition=Q(number__gte=1, number__lte=63),
                violation_error_message="ข้อของตัวชี้วัดต้องเป็น 1 ถึง 63",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.wording}"


class IncomeThreshold(Entity):
    """Income per person and year that passes, over a run of จปฐ. survey years (พ.ศ.).

    A row of a higher version replaces those below it for the years it covers; results
    name the row they were held against.
    """

    version = models.PositiveSmallIntegerField("รุ่น", default=1)
    year_from = models.PositiveSmallIntegerField("ตั้งแต่ปี พ.ศ.")
    year_to = models.PositiveSmallIntegerField("ถึงปี พ.ศ.", null=True, blank=True)
    amount_thb = models.DecimalField("บาท/คน/ปี", max_digits=12, decimal_places=2)
    source = models.CharField("ที่มา", max_length=200)
    is_confirmed = models.BooleanField("ยืนยันแล้ว", default=False)

    objects = IncomeThresholdQuerySet.as_manager()

    class Meta:
        verbose_name = "เกณฑ์รายได้"
        verbose_name_plural = "เกณฑ์รายได้"
        constraints = [
            models.UniqueConstraint(
                fields=["version", "year_from"],
                name="incomethreshold_year_once_in_its_version",
                violation_error_message="รุ่นนี้มีเกณฑ์ที่เริ่มปีนี้แล้ว",
            ),
            models.CheckConstraint(
                name="incomethreshold_years_in_order",
                condition=Q(year_from__gte=FIRST_YEAR_BE)
                & (Q(year_to__isnull=True) | Q(year_to__gte=F("year_from"))),
                violation_error_message="ปีเริ่มต้องเป็น พ.ศ. และไม่หลังปีสิ้นสุด",
            ),
            models.CheckConstraint(
                name="incomethreshold_amount_above_zero",
                condition=Q(amount_thb__gt=0),
                violation_error_message="เกณฑ์รายได้ต้องมากกว่า 0 บาท",
            ),
            models.CheckConstraint(
                name="incomethreshold_source_is_named",
                condition=~Q(source=""),
                violation_error_message="ระบุที่มาของเกณฑ์",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_thb:,.0f} บาท/คน/ปี"


def _common(one: str, other: str) -> CombinedExpression:
    """Return the bits that both columns have set."""
    return CombinedExpression(F(one), "&", F(other))


class IndicatorResult(Entity):
    """What one list says of one household or person in one year, as bit masks.

    Bit n−1 of `known_bits` and `passed_bits` stands for indicator n of the set; the
    dimension masks are in the order health 1, living 2, education 4, income 8,
    accessibility 16. Lists without indicators fill in the dimension masks alone.
    """

    household = models.ForeignKey(
        Household,
        verbose_name="ครัวเรือน",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_results",
    )
    member = models.ForeignKey(
        Member,
        verbose_name="สมาชิก",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="indicator_results",
    )
    source = models.CharField("บัญชี", max_length=14, choices=Source.choices())
    year_be = models.PositiveSmallIntegerField("ปี พ.ศ.")
    indicator_set = models.ForeignKey(
        IndicatorSet,
        verbose_name="แบบ จปฐ.",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Lists are copied in around the model, so the defaults are the database's too.
    known_bits = models.BigIntegerField("ข้อที่ทราบผล", default=0, db_default=0)
    passed_bits = models.BigIntegerField("ข้อที่ผ่าน", default=0, db_default=0)
    dimension_known_bits = models.PositiveSmallIntegerField("มิติที่ทราบ", default=0, db_default=0)
    dimension_failed_bits = models.PositiveSmallIntegerField("มิติที่ตก", default=0, db_default=0)
    version = models.PositiveIntegerField("รุ่น", default=1, db_default=1)

    objects = IndicatorResultQuerySet.as_manager()

    class Meta:
        verbose_name = "ผลตัวชี้วัด"
        verbose_name_plural = "ผลตัวชี้วัด"
        constraints = [
            models.CheckConstraint(
                name="indicatorresult_of_a_household_or_a_member",
                condition=Q(household__isnull=True, member__isnull=False)
                | Q(household__isnull=False, member__isnull=True),
                violation_error_message="ผลตัวชี้วัดต้องเป็นของครัวเรือนหรือของบุคคลอย่างใดอย่างหนึ่ง",
            ),
            models.UniqueConstraint(
                fields=["household", "source", "year_be"],
                name="indicatorresult_household_once_a_year",
                violation_error_message="มีผลของครัวเรือนนี้จากบัญชีและปีนี้แล้ว",
            ),
            models.UniqueConstraint(
                fields=["member", "source", "year_be"],
                name="indicatorresult_member_once_a_year",
                violation_error_message="มีผลของบุคคลนี้จากบัญชีและปีนี้แล้ว",
            ),
            models.CheckConstraint(
                name="indicatorresult_passed_only_where_known",
                condition=Q(known_bits__gte=0, passed_bits__gte=0)
                & Q(passed_bits=_common("passed_bits", "known_bits")),
                violation_error_message="ข้อที่ผ่านต้องเป็นข้อที่ทราบผล",
            ),
            models.CheckConstraint(
                name="indicatorresult_dimension_failed_only_where_known",
                condition=Q(dimension_known_bits__lte=ALL_DIMENSIONS)
                & Q(dimension_failed_bits=_common("dimension_failed_bits", "dimension_known_bits")),
                violation_error_message="มิติที่ตกต้องเป็นมิติที่ทราบ",
            ),
            models.CheckConstraint(
                name="indicatorresult_indicators_need_a_set",
                condition=Q(known_bits=0) | Q(indicator_set__isnull=False),
                violation_error_message="ระบุแบบ จปฐ. ของผลตัวชี้วัด",
            ),
            models.CheckConstraint(
                name="indicatorresult_year_is_be",
                condition=Q(year_be__gte=FIRST_YEAR_BE, year_be__lte=LAST_YEAR_BE),
                violation_error_message="ปีต้องเป็น พ.ศ.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.year_be}"


def _code_fits_dimension() -> Q:
    rule = Q()
    for dimension, codes in CODES_BY_DIMENSION.items():
        rule |= Q(dimension=dimension.value, code__in=[code.value for code in codes])
    return rule


class Problem(Entity):
    """One dimension in which a household lacks something, until it is solved.

    The unit that a referral serves. `members` are those named in it; none means the
    whole household.
    """

    household = models.ForeignKey(
        Household, verbose_name="ครัวเรือน", on_delete=models.PROTECT, related_name="problems"
    )
    dimension = models.CharField("มิติ", max_length=14, choices=Dimension.choices())
    code = models.CharField("ปัญหา", max_length=30, choices=ProblemCode.choices())
    status = models.CharField(
        "สถานะ", max_length=10, choices=Status.choices(), default=Status.OPEN.value
    )
    origin = models.CharField("รู้จาก", max_length=10, choices=Origin.choices())
    members = models.ManyToManyField(
        Member, verbose_name="สมาชิกที่ระบุ", through="ProblemMember", related_name="problems"
    )
    need_text = SealedTextField("ความต้องการ", null=True, blank=True)
    opened_on = models.DateField("พบเมื่อ")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้บันทึก",
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolved_on = models.DateField("แก้ไขเมื่อ", null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้ปิดปัญหา",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    resolution = models.CharField(
        "ปิดเพราะ", max_length=10, choices=Resolution.choices(), null=True, blank=True
    )
    version = models.PositiveIntegerField("รุ่น", default=1)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = "ปัญหา"
        verbose_name_plural = "ปัญหา"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "dimension"],
                condition=Q(status=Status.OPEN.value),
                name="problem_one_open_per_household_and_dimension",
                violation_error_message="ครัวเรือนมีปัญหาในมิตินี้ที่ยังเปิดอยู่แล้ว",
            ),
            models.CheckConstraint(
                name="problem_resolution_exactly_when_resolved",
                condition=Q(
                    status=Status.OPEN.value,
                    resolved_on__isnull=True,
                    resolved_by__isnull=True,
                    resolution__isnull=True,
                )
                | Q(
                    status=Status.RESOLVED.value,
                    resolved_on__isnull=False,
                    resolved_by__isnull=False,
                    resolution__isnull=False,
                    resolution__in=[resolution.value for resolution in Resolution],
                ),
                violation_error_message="ระบุวันที่ ผู้ปิด และเหตุที่ปิดปัญหา เมื่อและเฉพาะเมื่อปิดแล้ว",
            ),
            models.CheckConstraint(
                name="problem_code_fits_its_dimension",
                condition=_code_fits_dimension(),
                violation_error_message="ปัญหานี้ไม่อยู่ในมิติที่เลือก",
            ),
            models.CheckConstraint(
                name="problem_resolved_on_not_before_opened",
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("opened_on")),
                violation_error_message="วันที่แก้ไขต้องไม่ก่อนวันที่พบ",
            ),
            models.CheckConstraint(
                name="problem_origin_is_known",
                condition=Q(origin__in=[origin.value for origin in Origin]),
                violation_error_message="ไม่รู้จักที่มาของปัญหา",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_dimension_display()}: {self.get_code_display()}"


class ProblemMember(Entity):
    """A member named in a problem."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="named")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "สมาชิกที่ระบุในปัญหา"
        verbose_name_plural = "สมาชิกที่ระบุในปัญหา"
        constraints = [
            models.UniqueConstraint(
                fields=["problem", "member"], name="problemmember_once_per_problem"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
