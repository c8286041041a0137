"""The livelihood group of a household, and every one that it had."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models import Household
from ppaos.orm import Entity, SealedTextField
from slf.instrument import Group, Rule, SubType
from slf.models.assessment import Assessment
from slf.querysets import LivelihoodProfileQuerySet


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
