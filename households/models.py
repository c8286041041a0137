"""Who lives where, on which lists, what a visit found, and how they leave the targets."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left

from accounts.models import Agency
from areas.models import Area
from households.querysets import (
    AccessGrantQuerySet,
    ExitQuerySet,
    HouseholdQuerySet,
    MemberQuerySet,
)
from households.workflow import (
    Consent,
    ExitReason,
    ExitState,
    LeftReason,
    Outcome,
    Residence,
    Sex,
    Source,
    Stage,
)
from ppaos.orm import Entity, SealedTextField


def _code_of(length: int) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Left("area", length),
        output_field=models.CharField(max_length=length, db_collation="C"),
        db_persist=True,
    )


class Household(Entity):
    """One household: who and where. What was found out about it has tables of its own.

    `house_code` is the registrar's 11 digits; several households may share one,
    told apart by `seq`. Without a registered house a temporary code stands in.
    """

    house_code = models.CharField("รหัสบ้าน", max_length=11, null=True, blank=True, db_collation="C")
    temporary_code = models.CharField(
        "รหัสชั่วคราว", max_length=20, null=True, blank=True, unique=True
    )
    seq = models.PositiveSmallIntegerField("ครัวเรือนที่", default=1)
    house_no = models.CharField("บ้านเลขที่", max_length=40, blank=True)
    village_name = models.CharField("ชื่อหมู่บ้าน", max_length=120, blank=True)
    soi = models.CharField("ซอย", max_length=120, blank=True)
    road = models.CharField("ถนน", max_length=120, blank=True)
    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    province_code = _code_of(2)
    district_code = _code_of(4)
    subdistrict_code = _code_of(6)
    lat = models.DecimalField("ละติจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    lon = models.DecimalField("ลองจิจูด", max_digits=9, decimal_places=6, null=True, blank=True)
    phone = SealedTextField("โทรศัพท์", null=True, blank=True)
    stage = models.CharField("สถานะ", max_length=20, choices=Stage.choices(), default=Stage.LISTED)
    stage_date = models.DateField("สถานะตั้งแต่")
    consent = models.CharField(
        "ความยินยอม", max_length=10, choices=Consent.choices(), default=Consent.NOT_ASKED
    )
    consent_date = models.DateField("วันที่ให้คำตอบ", null=True, blank=True)
    version = models.PositiveIntegerField("รุ่น", default=1)
    created_at = models.DateTimeField("เพิ่มเมื่อ", auto_now_add=True)
    updated_at = models.DateTimeField("แก้ไขเมื่อ", auto_now=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "ครัวเรือน"
        verbose_name_plural = "ครัวเรือน"
        constraints = [
            models.UniqueConstraint(
                fields=["house_code", "seq"],
                name="household_code_and_seq_once",
                violation_error_message="มีครัวเรือนรหัสบ้านและลำดับนี้แล้ว",
            ),
            models.CheckConstraint(
                name="household_has_exactly_one_code",
                condition=Q(house_code__isnull=False, temporary_code__isnull=True)
                | Q(house_code__isnull=True, temporary_code__isnull=False),
                violation_error_message="ครัวเรือนต้องมีรหัสบ้านหรือรหัสชั่วคราวอย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                name="household_house_code_is_11_digits",
                condition=Q(house_code__isnull=True) | Q(house_code__regex=r"^[0-9]{11}$"),
                violation_error_message="รหัสบ้านต้องเป็นตัวเลข 11 หลัก",
            ),
            models.CheckConstraint(
                name="household_position_in_thailand",
                condition=Q(lat__isnull=True, lon__isnull=True)
                | Q(
                    # Not null is said, since a comparison with null passes a check.
                    lat__isnull=False,
                    lon__isnull=False,
                    lat__gte=5.5,
                    lat__lte=20.6,
                    lon__gte=97.3,
                    lon__lte=105.7,
                ),
                violation_error_message="พิกัดต้องอยู่ในประเทศไทย และมีทั้งละติจูดและลองจิจูด",
            ),
            models.CheckConstraint(
                name="household_consent_date_exactly_when_asked",
                condition=Q(consent=Consent.NOT_ASKED, consent_date__isnull=True)
                | (~Q(consent=Consent.NOT_ASKED) & Q(consent_date__isnull=False)),
                violation_error_message="ระบุวันที่ให้คำตอบเรื่องความยินยอม",
            ),
            models.CheckConstraint(
                name="household_area_is_subdistrict_or_village",
                condition=Q(subdistrict_code__regex=r"^[0-9]{6}$"),
                violation_error_message="ครัวเรือนต้องอยู่ในตำบลหรือหมู่บ้าน",
            ),
            models.CheckConstraint(
                name="household_stage_is_known", condition=Q(stage__in=[s.value for s in Stage])
            ),
        ]
        indexes = [
            models.Index(fields=["area", "stage", "id"], name="household_area_stage"),
            models.Index(fields=["subdistrict_code", "id"], name="household_subdistrict"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The house code, or the temporary one."""
        return self.house_code or self.temporary_code or ""

    @property
    def moo(self) -> int | None:
        """The village number, if the village is known."""
        return int(self.area_id[6:]) if len(self.area_id) == 8 else None


class Member(Entity):
    """A person of the household. A person without a citizen ID is allowed.

    The ID itself is sealed; `citizen_id_index` is its keyed fingerprint, for
    exact search and to keep one living record per person.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    seq = models.PositiveSmallIntegerField("ลำดับในบ้าน", default=1)
    is_head = models.BooleanField("หัวหน้าครัวเรือน", default=False)
    citizen_id = SealedTextField("เลขประจำตัวประชาชน", null=True, blank=True)
    citizen_id_index = models.BinaryField(max_length=32, null=True, editable=False)
    key_version = models.PositiveSmallIntegerField(null=True, editable=False)
    title = models.CharField("คำนำหน้า", max_length=40, blank=True)
    first_name = models.CharField("ชื่อ", max_length=120)
    last_name = models.CharField("นามสกุล", max_length=120, blank=True)
    # The empty default is the database's too: lists are copied in around the model.
    no_id_reason = models.CharField("เหตุที่ไม่มีเลข", max_length=200, blank=True, db_default="")
    name_key = models.CharField(max_length=240, db_collation="C", editable=False)
    province_code = models.CharField(max_length=2, db_collation="C", editable=False)
    birth_date = models.DateField("วันเกิด", null=True, blank=True)
    birth_year = models.SmallIntegerField("ปีเกิด (ค.ศ.)", null=True, blank=True)
    sex = models.CharField("เพศ", max_length=6, choices=Sex.choices(), blank=True)
    relation = models.CharField("ความสัมพันธ์", max_length=60, blank=True)
    residence = models.CharField(
        "สถานะการอาศัย",
        max_length=20,
        choices=Residence.choices(),
        default=Residence.LISTED_AND_LIVING,
    )
    left_on = models.DateField("ออกจากครัวเรือนเมื่อ", null=True, blank=True)
    left_reason = models.CharField(
        "เหตุที่ออก", max_length=10, choices=LeftReason.choices(), blank=True
    )
    version = models.PositiveIntegerField("รุ่น", default=1)
    created_at = models.DateTimeField("เพิ่มเมื่อ", auto_now_add=True)
    updated_at = models.DateTimeField("แก้ไขเมื่อ", auto_now=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = "สมาชิก"
        verbose_name_plural = "สมาชิก"
        constraints = [
            models.UniqueConstraint(
                fields=["citizen_id_index"],
                condition=Q(left_on__isnull=True),
                name="member_one_live_per_citizen_id",
                violation_error_message="มีบุคคลเลขประจำตัวนี้อยู่ในทะเบียนแล้ว",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, left_on__isnull=True),
                name="member_one_head_per_household",
                violation_error_message="ครัวเรือนมีหัวหน้าได้หนึ่งคน",
            ),
            models.CheckConstraint(
                name="member_citizen_id_and_index_together",
                condition=Q(
                    citizen_id__isnull=True, citizen_id_index__isnull=True, key_version__isnull=True
                )
                | Q(
                    citizen_id__isnull=False,
                    citizen_id_index__isnull=False,
                    key_version__isnull=False,
                ),
            ),
            models.CheckConstraint(name="member_has_a_name", condition=~Q(first_name="")),
            models.CheckConstraint(
                name="member_left_on_and_reason_together",
                condition=Q(left_on__isnull=True, left_reason="")
                | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                violation_error_message="ระบุทั้งวันที่และเหตุที่ออกจากครัวเรือน",
            ),
            models.CheckConstraint(
                name="member_birth_year_in_range",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__gte=1850, birth_year__lte=2100),
                violation_error_message="ปีเกิดไม่อยู่ในช่วงที่เป็นไปได้",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "seq"], name="member_household_seq"),
            GinIndex(
                fields=["province_code", "name_key"],
                opclasses=["varchar_ops", "gin_trgm_ops"],
                name="member_name_trgm",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.title}{self.first_name} {self.last_name}".strip()


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


class Verification(Entity):
    """One visit's verdict. It can be taken back, never edited."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="verifications")
    outcome = models.CharField("ผลสอบทาน", max_length=10, choices=Outcome.choices())
    visited_on = models.DateField("วันที่เยี่ยม")
    reason = SealedTextField("เหตุผล", null=True, blank=True)
    note = SealedTextField("บันทึก", null=True, blank=True)
    stage_before = models.CharField(max_length=20, choices=Stage.choices())
    stage_date_before = models.DateField()
    recorded_at = models.DateTimeField("บันทึกเมื่อ")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    retracted_at = models.DateTimeField("ถอนเมื่อ", null=True)
    retracted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    retracted_reason = models.CharField("เหตุที่ถอน", max_length=300, blank=True)

    class Meta:
        verbose_name = "ผลสอบทาน"
        verbose_name_plural = "ผลสอบทาน"
        constraints = [
            models.CheckConstraint(
                name="verification_retraction_all_or_none",
                condition=Q(
                    retracted_at__isnull=True, retracted_by__isnull=True, retracted_reason=""
                )
                | (
                    Q(retracted_at__isnull=False, retracted_by__isnull=False)
                    & ~Q(retracted_reason="")
                ),
            ),
            models.CheckConstraint(
                name="verification_outcome_is_known",
                condition=Q(outcome__in=[o.value for o in Outcome]),
            ),
        ]
        indexes = [
            models.Index(fields=["household", "-recorded_at"], name="verification_household")
        ]

    def __str__(self) -> str:
        return self.get_outcome_display()


class Exit(Entity):
    """A proposal that the household leaves the targets, and what became of it.

    `evidence` is what the rule of `rule_version` found on the day of the proposal: codes
    and figures, no text about people. `decided_…` stays when an approval is revoked.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="exits")
    reason = models.CharField("เหตุที่พ้น", max_length=16, choices=ExitReason.choices())
    note = SealedTextField("บันทึก", null=True, blank=True)
    state = models.CharField(
        "สถานะ", max_length=10, choices=ExitState.choices(), default=ExitState.PROPOSED
    )
    verification = models.ForeignKey(
        Verification, null=True, blank=True, on_delete=models.PROTECT, related_name="exits"
    )
    stage_before = models.CharField(max_length=20, choices=Stage.choices())
    stage_date_before = models.DateField()
    proposed_at = models.DateTimeField("เสนอเมื่อ")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    evidence = models.JSONField("หลักฐานตามเกณฑ์", default=dict, blank=True)
    rule_version = models.PositiveSmallIntegerField("รุ่นของเกณฑ์", null=True, blank=True)
    decided_at = models.DateTimeField("ตัดสินเมื่อ", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_reason = models.CharField("เหตุที่ไม่อนุมัติ", max_length=300, blank=True)
    relapse_check_on = models.DateField("ติดตามซ้ำเมื่อ", null=True, blank=True)
    revoked_at = models.DateTimeField("ยกเลิกเมื่อ", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_reason = models.CharField("เหตุที่ยกเลิก", max_length=300, blank=True)

    objects = ExitQuerySet.as_manager()

    class Meta:
        verbose_name = "การพ้นเป้าหมาย"
        verbose_name_plural = "การพ้นเป้าหมาย"
        constraints = [
            models.CheckConstraint(
                name="exit_decided_exactly_when_not_proposed",
                condition=Q(
                    state=ExitState.PROPOSED, decided_at__isnull=True, decided_by__isnull=True
                )
                | (
                    ~Q(state=ExitState.PROPOSED)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="exit_revocation_all_or_none",
                condition=(
                    ~Q(state=ExitState.REVOKED)
                    & Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                )
                | (
                    Q(
                        state=ExitState.REVOKED,
                        revoked_at__isnull=False,
                        revoked_by__isnull=False,
                    )
                    & ~Q(revoked_reason="")
                ),
                violation_error_message="การยกเลิกต้องมีผู้ยกเลิก เวลา และเหตุผลครบ",
            ),
            models.CheckConstraint(
                name="exit_evidence_exactly_with_its_rule",
                condition=Q(evidence={}, rule_version__isnull=True)
                | (~Q(evidence={}) & Q(rule_version__isnull=False)),
            ),
            models.CheckConstraint(
                name="exit_relapse_check_only_after_approval",
                condition=Q(relapse_check_on__isnull=True) | Q(state=ExitState.APPROVED),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(state__in=[ExitState.PROPOSED, ExitState.APPROVED]),
                name="exit_one_standing_per_household",
                violation_error_message="ครัวเรือนนี้มีข้อเสนอหรือผลการพ้นเป้าหมายอยู่แล้ว",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at"],
                condition=Q(state=ExitState.PROPOSED),
                name="exit_waiting",
            ),
            models.Index(
                fields=["-decided_at"],
                condition=Q(state__in=[ExitState.APPROVED, ExitState.REVOKED, ExitState.REJECTED]),
                name="exit_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class AccessGrant(Entity):
    """An agency may see its own referrals of a household, for a time.

    Written by the referral's services. It opens no case file: without a live grant the
    agency's referrals are not there either.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="access_grants")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    valid_from = models.DateTimeField("ตั้งแต่")
    valid_until = models.DateTimeField("ถึง", null=True)
    reason = models.CharField("เพราะ", max_length=200)

    objects = AccessGrantQuerySet.as_manager()

    class Meta:
        verbose_name = "สิทธิดูของหน่วยงาน"
        verbose_name_plural = "สิทธิดูของหน่วยงาน"
        indexes = [models.Index(fields=["agency", "household"], name="accessgrant_agency")]

    def __str__(self) -> str:
        return self.reason
