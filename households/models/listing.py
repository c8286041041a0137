"""On which lists a household or a person is."""

from django.db import models
from django.db.models import Q

from households.models.household import Household
from households.models.member import Member
from households.workflow import Source
from ppaos.orm import Entity


class SourceListing(Entity):
    """This household or person was on this list in this year of the list.

    The flags are what the list said; None is "the list does not say".
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="listings")
    member = models.ForeignKey(
        Member, null=True, blank=True, on_delete=models.PROTECT, related_name="listings"
    )
    source = models.CharField("บัญชี", max_length=14, choices=Source.choices())
    year_be = models.SmallIntegerField("ปี พ.ศ. ของบัญชี")
    bmn_year_be = models.SmallIntegerField("ปี จปฐ.", null=True, blank=True)
    welfare_year_be = models.SmallIntegerField("ปีบัตรสวัสดิการ", null=True, blank=True)
    is_mpi_poor = models.BooleanField("ตกเกณฑ์ MPI", null=True)
    is_registered = models.BooleanField("ลงทะเบียนสวัสดิการ", null=True)
    has_welfare_card = models.BooleanField("มีบัตรสวัสดิการแห่งรัฐ", null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = "รายชื่อในบัญชี"
        verbose_name_plural = "รายชื่อในบัญชี"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "year_be", "member"],
                condition=Q(member__isnull=False),
                name="sourcelisting_member_once_a_year",
            ),
            models.UniqueConstraint(
                fields=["source", "year_be", "household"],
                condition=Q(member__isnull=True),
                name="sourcelisting_household_once_a_year",
            ),
            models.CheckConstraint(
                name="sourcelisting_year_is_be", condition=Q(year_be__gte=2500, year_be__lte=2699)
            ),
        ]
        indexes = [models.Index(fields=["household", "-year_be"], name="sourcelisting_household")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.year_be}"
