"""Capitals as a list gives them."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from households.models import Household
from households.workflow import Source
from ppaos.orm import Entity
from problems.models import FIRST_YEAR_BE, LAST_YEAR_BE
from slf.instrument import Capital
from slf.models.scores import score_field, scores_in_range
from slf.querysets import ListedCapitalsQuerySet


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
    human = score_field("ทุนมนุษย์")
    physical = score_field("ทุนกายภาพ")
    financial = score_field("ทุนการเงิน")
    natural = score_field("ทุนธรรมชาติ")
    social = score_field("ทุนสังคม")

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
                condition=scores_in_range(capital.value for capital in Capital),
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
