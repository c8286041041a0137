"""What a person adds to a move of a referral. Which facts a move needs is in the workflow."""

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.models import Agency
from households.models import Household
from ppaos.web.fields import ThaiDateField
from referrals.models import Referral
from referrals.workflow import Action, ClosingReason, Result

if TYPE_CHECKING:
    _AgencyChoice = forms.ModelChoiceField[Agency]
else:
    _AgencyChoice = forms.ModelChoiceField


class AgencyChoiceField(_AgencyChoice):
    """An agency that answers for the area of a household."""

    def __init__(self, **arguments: Any) -> None:
        arguments.setdefault("label", "หน่วยงานรับเรื่อง")
        arguments.setdefault("empty_label", "เลือกหน่วยงาน")
        super().__init__(queryset=Agency.objects.none(), **arguments)

    def label_from_instance(self, obj: Agency) -> str:
        return obj.name


def agencies_for(household: Household) -> Any:
    """Return the agencies that take referrals where the household lives, by name."""
    code = household.area_id
    above = [code[:length] for length in (2, 4, 6, 8) if len(code) >= length]
    return Agency.objects.active().filter(area__in=above).order_by("name", "pk")


def note_field(*, required: bool = False, label: str = "บันทึกถึงผู้เกี่ยวข้อง") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=1000, required=required, widget=forms.Textarea(attrs={"rows": 2})
    )


def reason_field(label: str = "เหตุผล", help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveForm(forms.Form):
    """Of every move: the version of the referral that the person had before them."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data, initial={"version": referral.version})
        self.referral = referral

    def show_version(self, version: int) -> None:
        """Let a form that comes back be about the referral as it is now."""
        self.data = {name: self.data.get(name) for name in self.data} | {"version": str(version)}


class SubmitForm(MoveForm):
    agency = AgencyChoiceField()
    note = note_field()

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data, referral=referral)
        field = self.fields["agency"]
        assert isinstance(field, AgencyChoiceField)
        field.queryset = agencies_for(referral.household)
        # Where it was refused once, it is not sent again by a slip of the thumb.
        if referral.status != "rejected":
            self.initial["agency"] = referral.agency_id


class AcceptForm(MoveForm):
    expected_date = ThaiDateField(label="คาดว่าจะแล้วเสร็จ")
    note = note_field()


class ReturnForm(MoveForm):
    reason = reason_field("ต้องการข้อมูลอะไรเพิ่ม หรือส่งกลับเพราะเหตุใด")


class RejectForm(MoveForm):
    reason = reason_field("เหตุผลที่ไม่อยู่ในภารกิจหรือไม่เข้าเกณฑ์", "ศจพ. จะใช้เหตุผลนี้เลือกหน่วยงานใหม่")


class StartForm(MoveForm):
    note = note_field(required=True, label="เริ่มทำอะไรแล้ว")


class ReportHelpForm(MoveForm):
    result = forms.TypedChoiceField(
        label="ผลของความช่วยเหลือ", choices=Result.choices(), coerce=Result, widget=forms.RadioSelect
    )
    note = note_field()


class CloseForm(MoveForm):
    closing_reason = forms.TypedChoiceField(
        label="เหตุที่ปิดเรื่อง",
        choices=[("", "เลือกเหตุ"), *ClosingReason.choices()],
        coerce=ClosingReason,
    )
    note = note_field()


class ReasonForm(MoveForm):
    reason = reason_field()


class TransferForm(MoveForm):
    agency = AgencyChoiceField(label="ส่งให้หน่วยงานใหม่")
    reason = reason_field("เหตุที่เปลี่ยนหน่วยงาน")

    def __init__(self, data: Any = None, *, referral: Referral) -> None:
        super().__init__(data, referral=referral)
        field = self.fields["agency"]
        assert isinstance(field, AgencyChoiceField)
        field.queryset = agencies_for(referral.household).exclude(pk=referral.agency_id)


class CheckForm(MoveForm):
    """What somebody who did not give the help found at the house."""

    problem_remains = forms.TypedChoiceField(
        label="ปัญหาที่ส่งต่อยังอยู่หรือไม่",
        choices=[("no", "ปัญหาหมดไปแล้ว"), ("yes", "ปัญหายังอยู่")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    checked_on = ThaiDateField(label="วันที่เยี่ยม")
    satisfaction = forms.TypedChoiceField(
        label="ครัวเรือนพอใจความช่วยเหลือเพียงใด",
        choices=[
            ("5", "5 พอใจมาก"),
            ("4", "4 พอใจ"),
            ("3", "3 พอรับได้"),
            ("2", "2 ไม่พอใจ"),
            ("1", "1 ไม่พอใจมาก"),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    note = note_field(label="สิ่งที่พบ")


FORMS: dict[Action, type[MoveForm]] = {
    Action.SUBMIT: SubmitForm,
    Action.RECEIVE: MoveForm,
    Action.ACCEPT: AcceptForm,
    Action.RETURN: ReturnForm,
    Action.REJECT: RejectForm,
    Action.START: StartForm,
    Action.REPORT_HELP: ReportHelpForm,
    Action.CHECK: CheckForm,
    Action.CLOSE: CloseForm,
    Action.REOPEN: ReasonForm,
    Action.CANCEL: ReasonForm,
    Action.TRANSFER: TransferForm,
}
