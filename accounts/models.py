"""People who sign in, the agencies they answer for, and where they may act."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.querysets import AgencyQuerySet, ApiTokenQuerySet, ScopeQuerySet, UserManager
from accounts.roles import Role
from areas.models import Area
from ppaos.orm import Entity


class Agency(Entity):
    """An office that takes referrals and answers for them."""

    code = models.SlugField("รหัสหน่วยงาน", max_length=40, unique=True)
    name = models.CharField("ชื่อหน่วยงาน", max_length=200)
    short_name = models.CharField("ชื่อย่อ", max_length=60)
    area = models.ForeignKey(
        Area, verbose_name="พื้นที่รับผิดชอบ", on_delete=models.PROTECT, related_name="+"
    )
    phone = models.CharField("โทรศัพท์สำนักงาน", max_length=60, blank=True)
    is_active = models.BooleanField("ใช้งาน", default=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = "หน่วยงาน"
        verbose_name_plural = "หน่วยงาน"

    def __str__(self) -> str:
        return self.short_name or self.name


class User(Entity, AbstractBaseUser, PermissionsMixin):
    """A person who signs in with a user name; what they may do is in their scopes."""

    username = models.CharField(
        "ชื่อผู้ใช้",
        max_length=60,
        unique=True,
        validators=[ASCIIUsernameValidator()],
        error_messages={"unique": "มีชื่อผู้ใช้นี้แล้ว"},
    )
    name = models.CharField("ชื่อ-สกุล", max_length=150)
    email = models.EmailField("อีเมล", blank=True)
    is_active = models.BooleanField("ใช้งานได้", default=True)
    is_staff = models.BooleanField("เข้าหน้าจัดการข้อมูลอ้างอิง", default=False)
    must_change_password = models.BooleanField("ต้องเปลี่ยนรหัสผ่านเมื่อเข้าใช้", default=False)
    is_demo = models.BooleanField("บัญชีตัวอย่าง", default=False)
    date_joined = models.DateTimeField("สร้างเมื่อ", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "ผู้ใช้"
        verbose_name_plural = "ผู้ใช้"
        constraints = [
            models.CheckConstraint(
                name="user_username_is_lower_case",
                condition=Q(username=Lower("username")),
                violation_error_message="ชื่อผู้ใช้ต้องเป็นตัวพิมพ์เล็ก",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name


class Scope(Entity):
    """One person holds one role in one area, until a day. No row, no access."""

    user = models.ForeignKey(
        User, verbose_name="ผู้ใช้", on_delete=models.CASCADE, related_name="scopes"
    )
    role = models.CharField("บทบาท", max_length=20, choices=Role.choices())
    agency = models.ForeignKey(
        Agency, verbose_name="หน่วยงาน", null=True, blank=True, on_delete=models.PROTECT
    )
    area = models.ForeignKey(Area, verbose_name="พื้นที่", on_delete=models.PROTECT, related_name="+")
    valid_until = models.DateField("ใช้ได้ถึง")
    granted_by = models.ForeignKey(
        User, verbose_name="ผู้ให้สิทธิ", null=True, on_delete=models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField("ให้สิทธิเมื่อ", auto_now_add=True)
    revoked_at = models.DateTimeField("เพิกถอนเมื่อ", null=True, blank=True)
    revoked_by = models.ForeignKey(
        User,
        verbose_name="ผู้เพิกถอน",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = "สิทธิ"
        verbose_name_plural = "สิทธิ"
        constraints = [
            models.CheckConstraint(
                name="scope_agency_exactly_for_agency_officers",
                condition=Q(role=Role.AGENCY_OFFICER.value, agency__isnull=False)
                | (~Q(role=Role.AGENCY_OFFICER.value) & Q(agency__isnull=True)),
                violation_error_message="ระบุหน่วยงานเมื่อและเฉพาะเมื่อเป็นเจ้าหน้าที่หน่วยงานรับส่งต่อ",
            ),
            models.CheckConstraint(
                name="scope_revoked_at_and_by_together",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area", "agency"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="scope_once_while_in_force",
                violation_error_message="ผู้ใช้มีสิทธินี้อยู่แล้ว",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label} {self.area_id}"

    def state_on(self, day: date) -> str:
        """Say whether the scope is "in_force", "revoked" or "expired" on a day."""
        if self.revoked_at is not None:
            return "revoked"
        return "in_force" if self.valid_until >= day else "expired"


class ApiToken(Entity):
    """A key for a program: shown once, stored as its SHA-256."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("สร้างเมื่อ")
    expires_at = models.DateTimeField("หมดอายุ")
    revoked_at = models.DateTimeField("เพิกถอนเมื่อ", null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "กุญแจ API"
        verbose_name_plural = "กุญแจ API"

    def __str__(self) -> str:
        return f"{self.user_id} {self.expires_at:%Y-%m-%d}"
