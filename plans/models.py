"""A household's way out of poverty, as agreed with it; every version is kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from households.models import Household
from plans.querysets import HouseholdPlanQuerySet
from plans.workflow import Prospect, Step, Support, Way
from ppaos.orm import Entity, SealedTextField


class HouseholdPlan(Entity):
    """One version of a household's plan. A change is a new row; the old one is superseded."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField("ฉบับที่")
    attitude = SealedTextField("ทัศนะ", null=True, blank=True)
    skills = SealedTextField("ทักษะ", null=True, blank=True)
    resources = SealedTextField("ทรัพยากร", null=True, blank=True)
    way_out = SealedTextField("ทางออก")
    support = models.CharField("ลักษณะการช่วยเหลือ", max_length=10, choices=Support.choices())
    ways = ArrayField(
        models.CharField(max_length=10, choices=Way.choices()),
        verbose_name="แนวทางพัฒนาครัวเรือน",
        default=list,
        blank=True,
    )
    step = models.CharField("ขั้นการพัฒนา", max_length=1, choices=Step.choices())
    prospect = models.CharField("การจำแนก", max_length=14, choices=Prospect.choices(), blank=True)
    agreed_on = models.DateField("ตกลงกับครัวเรือนเมื่อ")
    review_on = models.DateField("ทบทวนเมื่อ", null=True, blank=True)
    made_at = models.DateTimeField("บันทึกเมื่อ")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    superseded_at = models.DateTimeField("มีฉบับใหม่เมื่อ", null=True, blank=True)

    objects = HouseholdPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "แผนครัวเรือน"
        verbose_name_plural = "แผนครัวเรือน"
        constraints = [
            models.UniqueConstraint(fields=["household", "number"], name="plan_number_once"),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(superseded_at__isnull=True),
                name="plan_one_current_per_household",
            ),
            models.CheckConstraint(
                name="plan_ways_exactly_for_developing_a_household",
                condition=Q(support=Support.HOUSEHOLD, ways__len__gte=1)
                | (~Q(support=Support.HOUSEHOLD) & Q(ways__len=0)),
                violation_error_message="เลือกแนวทางอย่างน้อยหนึ่งข้อ เมื่อและเฉพาะเมื่อพัฒนาครัวเรือน",
            ),
            models.CheckConstraint(
                name="plan_reviewed_after_it_was_agreed",
                condition=Q(review_on__isnull=True) | Q(review_on__gt=models.F("agreed_on")),
                violation_error_message="วันทบทวนต้องอยู่หลังวันที่ตกลง",
            ),
        ]

    def __str__(self) -> str:
        return f"แผนฉบับที่ {self.number}"

    @property
    def way_labels(self) -> list[str]:
        return [Way(way).label for way in self.ways]

    @property
    def four(self) -> list[tuple[str, str | None]]:
        """The four parts of the plan, each with its name."""
        return [
            ("ทัศนะ", self.attitude),
            ("ทักษะ", self.skills),
            ("ทรัพยากร", self.resources),
            ("ทางออก", self.way_out),
        ]
