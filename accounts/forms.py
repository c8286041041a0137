"""What is typed on the settings pages. Rules are the services'; here only strings are read."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.validators import MaxLengthValidator
from django.utils.timezone import now

from accounts.models import Agency, User
from accounts.permissions import area_prefixes
from accounts.roles import Permission, Role
from accounts.services.scopes import LONGEST_DAYS
from accounts.services.signing_in import record_wrong_code
from areas.models import Area, Level
from ppaos.web.fields import ThaiDateField

if TYPE_CHECKING:
    _AreaChoice = forms.ModelChoiceField[Area]
    _AgencyChoice = forms.ModelChoiceField[Agency]
else:
    _AreaChoice = _AgencyChoice = forms.ModelChoiceField


_USERNAME_LENGTH = 60


def clean_username(text: str) -> str:
    """Return a user name in lower case. Raises ValidationError."""
    username = text.strip().lower()
    ASCIIUsernameValidator()(username)
    MaxLengthValidator(_USERNAME_LENGTH)(username)
    return username


class AreaChoiceField(_AreaChoice):
    """A choice of provinces, districts and subdistricts, indented by level."""

    def label_from_instance(self, obj: Area) -> str:
        depth = len(obj.pk) // 2 - 1
        return "\N{EM SPACE}" * depth + f"{obj} ({obj.pk})"


class AgencyChoiceField(_AgencyChoice):
    def label_from_instance(self, obj: Agency) -> str:
        return obj.name


# django-allauth carries no types.
class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """django-allauth's form for a code of the second factor, which remembers wrong ones."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        record_wrong_code(user=self.user, at=now())


class ScopeForm(forms.Form):
    """A role, a place and a day, as far as the administrator's own area goes."""

    role = forms.ChoiceField(label="บทบาท", choices=[("", "เลือกบทบาท"), *Role.choices()])
    area = AreaChoiceField(
        label="พื้นที่",
        queryset=Area.objects.none(),
        empty_label="เลือกพื้นที่",
        help_text="เห็นและทำงานได้เฉพาะในพื้นที่นี้",
    )
    agency = AgencyChoiceField(
        label="หน่วยงาน",
        queryset=Agency.objects.none(),
        required=False,
        empty_label="ไม่สังกัดหน่วยงานรับส่งต่อ",
        help_text="เฉพาะเจ้าหน้าที่หน่วยงานรับส่งต่อ",
    )
    valid_until = ThaiDateField(label="ใช้ได้ถึง", help_text="ไม่เกิน 1 ปี แล้วทบทวนใหม่")

    def __init__(self, *args: Any, by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = area_prefixes(by, Permission.USERS_MANAGE)
        areas = Area.objects.under(prefixes).in_force().exclude(level=Level.VILLAGE)
        agencies = Agency.objects.under(prefixes).active()
        area, agency = self.fields["area"], self.fields["agency"]
        assert isinstance(area, AreaChoiceField)
        assert isinstance(agency, AgencyChoiceField)
        area.queryset = areas.order_by("code")
        agency.queryset = agencies.for_list()
        self.fields["valid_until"].initial = today + timedelta(days=LONGEST_DAYS)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class NewUserForm(ScopeForm):
    """An account together with its first scope."""

    username = forms.CharField(
        label="ชื่อผู้ใช้",
        max_length=_USERNAME_LENGTH,
        help_text="ตัวอักษรอังกฤษและตัวเลข เช่น somchai.r",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    name = forms.CharField(label="ชื่อ-สกุล", max_length=150)

    field_order = ("username", "name", "role", "area", "agency", "valid_until")

    def clean_username(self) -> str:
        return clean_username(self.cleaned_data["username"])


class UserForm(forms.Form):
    name = forms.CharField(label="ชื่อ-สกุล", max_length=150)
    email = forms.EmailField(label="อีเมล", required=False, help_text="ไว้ติดต่อ ระบบไม่ส่งอีเมล")


class ReasonForm(forms.Form):
    reason = forms.CharField(label="เหตุผล", max_length=300)


class UserSearchForm(forms.Form):
    q = forms.CharField(label="ชื่อหรือชื่อผู้ใช้", max_length=60, required=False)


class NewAgencyForm(forms.Form):
    code = forms.SlugField(
        label="รหัสหน่วยงาน", max_length=40, help_text="ตัวอักษรอังกฤษ ตัวเลข และขีด เช่น psd-30"
    )
    name = forms.CharField(label="ชื่อหน่วยงาน", max_length=200)
    short_name = forms.CharField(label="ชื่อย่อ", max_length=60)
    area = AreaChoiceField(label="พื้นที่รับผิดชอบ", queryset=Area.objects.none(), empty_label="เลือกพื้นที่")
    phone = forms.CharField(label="โทรศัพท์สำนักงาน", max_length=60, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prefixes = area_prefixes(by, Permission.SETTINGS_CHANGE)
        areas = Area.objects.under(prefixes).in_force().exclude(level=Level.VILLAGE)
        area = self.fields["area"]
        assert isinstance(area, AreaChoiceField)
        area.queryset = areas.order_by("code")


class AgencyForm(forms.Form):
    name = forms.CharField(label="ชื่อหน่วยงาน", max_length=200)
    short_name = forms.CharField(label="ชื่อย่อ", max_length=60)
    phone = forms.CharField(label="โทรศัพท์สำนักงาน", max_length=60, required=False)
    is_active = forms.BooleanField(label="รับเรื่องส่งต่อได้", required=False)


class AuditFilterForm(forms.Form):
    """Which events to show; all of it may stay empty."""

    actor = forms.CharField(label="ผู้กระทำ (ชื่อผู้ใช้)", max_length=60, required=False)
    subject = forms.UUIDField(label="รหัสข้อมูล", required=False)
    since = ThaiDateField(label="ตั้งแต่วันที่", required=False)
    until = ThaiDateField(label="ถึงวันที่", required=False)
