"""One sitting of the poverty forum, what it talked about, and what it resolved."""

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from accounts.models import Agency
from areas.models import Area
from areas.services import present_code
from forums.querysets import (
    AgendaItemQuerySet,
    ForumQuerySet,
    ResolutionEventQuerySet,
    ResolutionQuerySet,
)
from forums.workflow import (
    CODE_LENGTH,
    ENDED,
    UNRESOLVED,
    Action,
    Format,
    ForumState,
    ItemKind,
    ItemOutcome,
    Level,
    Sector,
    Status,
)
from ppaos.orm import Entity, SealedTextField
from problems.rules import Dimension
from referrals.models import Referral


def _values(statuses: frozenset[Status]) -> list[str]:
    return sorted(status.value for status in statuses)


def _one_owner(agency: str, text: str) -> Q:
    """Fit a row with an agency or a name in words, not both and not neither."""
    return Q(**{f"{agency}__isnull": False, text: ""}) | (
        Q(**{f"{agency}__isnull": True}) & ~Q(**{text: ""})
    )


def _level_fits_area() -> Q:
    rule = Q(level=Level.UNIVERSITY.value)
    for level, length in CODE_LENGTH.items():
        rule |= Q(level=level.value) & Q(Exact(Length("area_id"), length))
    return rule


COUNTS: dict[Sector, str] = {sector: f"count_{sector.value}" for sector in Sector}
_NOT_COUNTED = Q(**{f"{column}__isnull": True for column in COUNTS.values()})
_COUNTED = Q(**{f"{column}__isnull": False for column in COUNTS.values()})
_NOT_HELD = Q(held_at__isnull=True, held_by__isnull=True) & _NOT_COUNTED
_NOT_CANCELLED = Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_reason="")


class Forum(Entity):
    """One sitting: planned, then held or cancelled. Who took part is counted, never named."""

    title = models.CharField("ชื่อเวที", max_length=200)
    format = models.CharField("รูปแบบ", max_length=12, choices=Format.choices())
    level = models.CharField("ระดับ", max_length=12, choices=Level.choices())
    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField("วันที่จัด")
    starts_at = models.TimeField("เวลา", null=True, blank=True)
    place = models.CharField("สถานที่", max_length=200)
    organiser_agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงานผู้จัด",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    organiser = models.CharField("ผู้จัด", max_length=200, blank=True)
    state = models.CharField(
        "สถานะ", max_length=10, choices=ForumState.choices(), default=ForumState.PLANNED.value
    )
    count_state = models.PositiveIntegerField("ภาครัฐ", null=True, blank=True)
    count_private = models.PositiveIntegerField("ภาคเอกชน", null=True, blank=True)
    count_civil_society = models.PositiveIntegerField("ภาคประชาสังคม", null=True, blank=True)
    count_academic = models.PositiveIntegerField("ภาควิชาการ", null=True, blank=True)
    count_people = models.PositiveIntegerField("ภาคประชาชน", null=True, blank=True)
    agencies = models.ManyToManyField(
        Agency, verbose_name="หน่วยงานที่เข้าร่วม", blank=True, related_name="+"
    )
    summary = SealedTextField("สรุปการประชุม", null=True, blank=True)
    planned_at = models.DateTimeField("นัดเมื่อ")
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้นัด", on_delete=models.PROTECT, related_name="+"
    )
    held_at = models.DateTimeField("บันทึกผลเมื่อ", null=True, blank=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้บันทึกผล",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_at = models.DateTimeField("ยกเลิกเมื่อ", null=True, blank=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้ยกเลิก",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_reason = models.CharField("เหตุที่ยกเลิก", max_length=300, blank=True)
    version = models.PositiveIntegerField("รุ่น", default=1)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = "เวที"
        verbose_name_plural = "เวที"
        constraints = [
            models.CheckConstraint(
                name="forum_columns_fit_its_state",
                condition=(Q(state=ForumState.PLANNED.value) & _NOT_HELD & _NOT_CANCELLED)
                | (
                    Q(state=ForumState.HELD.value, held_at__isnull=False, held_by__isnull=False)
                    & _COUNTED
                    & _NOT_CANCELLED
                )
                | (
                    Q(
                        state=ForumState.CANCELLED.value,
                        cancelled_at__isnull=False,
                        cancelled_by__isnull=False,
                    )
                    & ~Q(cancelled_reason="")
                    & _NOT_HELD
                ),
                violation_error_message="เวทีที่จัดแล้วต้องมีผู้บันทึกและจำนวนผู้เข้าร่วม ที่ยกเลิกต้องมีเหตุผล",
            ),
            models.CheckConstraint(
                name="forum_one_organiser",
                condition=_one_owner("organiser_agency", "organiser"),
                violation_error_message="ระบุหน่วยงานผู้จัด หรือชื่อผู้จัด อย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                name="forum_level_fits_area",
                condition=_level_fits_area(),
                violation_error_message="ระดับของเวทีไม่ตรงกับพื้นที่",
            ),
            models.CheckConstraint(
                name="forum_format_is_known",
                condition=Q(format__in=[format_.value for format_ in Format]),
            ),
            models.CheckConstraint(name="forum_has_a_title", condition=~Q(title="")),
        ]
        indexes = [models.Index(fields=["area", "held_on"], name="forum_area_day")]

    @property
    def place_code(self) -> str:
        """The code of its area today, which another may have taken the place of."""
        return present_code(self.area_id) if self.area.successor_id else self.area_id

    def __str__(self) -> str:
        return self.title

    @property
    def counts(self) -> list[tuple[Sector, int | None]]:
        """Return how many people came from each sector; None before it was held."""
        return [(sector, getattr(self, column)) for sector, column in COUNTS.items()]

    @property
    def people(self) -> int | None:
        """Return how many people came; None before it was held."""
        known = [count for _, count in self.counts if count is not None]
        return sum(known) if known else None


class AgendaItem(Entity):
    """One thing that a sitting talks about."""

    forum = models.ForeignKey(
        Forum, verbose_name="เวที", on_delete=models.PROTECT, related_name="items"
    )
    position = models.PositiveSmallIntegerField("ลำดับ")
    kind = models.CharField("ประเภท", max_length=12, choices=ItemKind.choices())
    title = models.CharField("เรื่อง", max_length=200)
    referral = models.ForeignKey(
        Referral,
        verbose_name="เรื่องส่งต่อ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="agenda_items",
    )
    resolution = models.ForeignKey(
        "Resolution",
        verbose_name="มติครั้งก่อน",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried",
    )
    dimension = models.CharField("มิติ", max_length=14, choices=Dimension.choices(), blank=True)
    area = models.ForeignKey(
        Area,
        verbose_name="พื้นที่ของเรื่อง",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    note = SealedTextField("บันทึกการหารือ", null=True, blank=True)
    outcome = models.CharField("ผล", max_length=10, choices=ItemOutcome.choices(), blank=True)
    added_at = models.DateTimeField("เข้าวาระเมื่อ")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้เพิ่ม", on_delete=models.PROTECT, related_name="+"
    )

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "วาระ"
        verbose_name_plural = "วาระ"
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "position"],
                name="agendaitem_one_at_a_place",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["forum", "referral"],
                name="agendaitem_referral_once",
                violation_error_message="เรื่องส่งต่อนี้อยู่ในวาระแล้ว",
            ),
            models.UniqueConstraint(
                fields=["forum", "resolution"],
                name="agendaitem_resolution_once",
                violation_error_message="มตินี้อยู่ในวาระแล้ว",
            ),
            models.CheckConstraint(
                name="agendaitem_is_about_what_its_kind_says",
                condition=Q(
                    kind=ItemKind.REFERRAL.value,
                    referral__isnull=False,
                    resolution__isnull=True,
                )
                | Q(
                    kind=ItemKind.RESOLUTION.value,
                    referral__isnull=True,
                    resolution__isnull=False,
                )
                | Q(
                    kind__in=[ItemKind.PROBLEM_AREA.value, ItemKind.OTHER.value],
                    referral__isnull=True,
                    resolution__isnull=True,
                ),
            ),
            models.CheckConstraint(name="agendaitem_has_a_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title


class Resolution(Entity):
    """What a sitting resolved: who does it and until when. Comes back until it is ended.

    `referral` is the case it is about, also when it was taken on an item that came back.
    """

    forum = models.ForeignKey(
        Forum, verbose_name="เวที", on_delete=models.PROTECT, related_name="resolutions"
    )
    agenda_item = models.ForeignKey(
        AgendaItem, verbose_name="วาระ", on_delete=models.PROTECT, related_name="resolutions"
    )
    referral = models.ForeignKey(
        Referral,
        verbose_name="เรื่องส่งต่อ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="resolutions",
    )
    number = models.PositiveSmallIntegerField("มติที่")
    text = SealedTextField("มติ")
    owner_agency = models.ForeignKey(
        Agency,
        verbose_name="หน่วยงานรับผิดชอบ",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner = models.CharField("ผู้รับผิดชอบ", max_length=200, blank=True)
    due_on = models.DateField("กำหนดเสร็จ")
    status = models.CharField(
        "สถานะ", max_length=12, choices=Status.choices(), default=Status.OPEN.value
    )
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="ผู้บันทึก", on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField("สิ้นสุดเมื่อ", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="ผู้บันทึกว่าสิ้นสุด",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    dropped_reason = models.CharField("เหตุที่ยุติ", max_length=300, blank=True)
    version = models.PositiveIntegerField("รุ่น", default=1)

    objects = ResolutionQuerySet.as_manager()

    class Meta:
        verbose_name = "มติ"
        verbose_name_plural = "มติ"
        constraints = [
            models.UniqueConstraint(fields=["forum", "number"], name="resolution_number_once"),
            models.CheckConstraint(
                name="resolution_one_owner",
                condition=_one_owner("owner_agency", "owner"),
                violation_error_message="ระบุหน่วยงาน หรือชื่อผู้รับผิดชอบ อย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                name="resolution_columns_fit_its_status",
                condition=Q(
                    status__in=_values(UNRESOLVED),
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                    dropped_reason="",
                )
                | Q(
                    status=Status.DONE.value,
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                    dropped_reason="",
                )
                | (
                    Q(
                        status=Status.DROPPED.value,
                        ended_at__isnull=False,
                        ended_by__isnull=False,
                    )
                    & ~Q(dropped_reason="")
                ),
                violation_error_message="มติที่ยุติต้องมีเหตุผล ที่เสร็จแล้วต้องมีผู้บันทึก",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=Q(status__in=_values(UNRESOLVED)),
                name="resolution_due",
            )
        ]

    def __str__(self) -> str:
        return f"มติที่ {self.number}"

    @property
    def is_ended(self) -> bool:
        return self.status in ENDED


class ResolutionEvent(Entity):
    """One move of a resolution; the database refuses to change it."""

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(
        "การกระทำ", max_length=10, choices=[("record", "มีมติ"), *Action.choices()]
    )
    from_status = models.CharField(max_length=12, choices=Status.choices(), blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices())
    at = models.DateTimeField("เมื่อ")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="โดย", on_delete=models.PROTECT, related_name="+"
    )
    note = SealedTextField("บันทึก", null=True, blank=True)

    objects = ResolutionEventQuerySet.as_manager()

    class Meta:
        verbose_name = "ความเคลื่อนไหวของมติ"
        verbose_name_plural = "ความเคลื่อนไหวของมติ"
        indexes = [models.Index(fields=["resolution", "at"], name="resolutionevent_resolution")]

    def __str__(self) -> str:
        return self.get_action_display()
