"""What a person adds to a problem when handing it to an agency."""

from typing import Any

from django import forms

from accounts.models import Agency
from households.models import Household
from referrals.forms.moving import AgencyChoiceField, agencies_for
from referrals.workflow import Urgency


class ReferForm(forms.Form):
    """To whom, how urgently, and what is asked for."""

    agency = AgencyChoiceField()
    urgency = forms.TypedChoiceField(label="ความเร่งด่วน", choices=Urgency.choices(), coerce=Urgency)
    need = forms.CharField(
        label="สิ่งที่ขอให้ช่วย",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="หน่วยงานจะเห็นข้อความนี้ เก็บแบบเข้ารหัส",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        prefix: str,
        household: Household,
        initial: dict[str, Any],
        needs_agency: bool,
    ) -> None:
        super().__init__(data, prefix=prefix, initial=initial)
        field = self.fields["agency"]
        assert isinstance(field, AgencyChoiceField)
        field.queryset = agencies_for(household)
        field.required = needs_agency

    @classmethod
    def typed(cls, data: Any, *, prefix: str) -> dict[str, Any]:
        """Return what stood in a form that was not the one sent, to show it again."""
        names = [name for name in cls.base_fields if f"{prefix}-{name}" in data]
        return {name: data[f"{prefix}-{name}"] for name in names}

    @property
    def chosen_agency(self) -> Agency | None:
        agency: Agency | None = self.cleaned_data["agency"]
        return agency


class UrgencyForm(forms.Form):
    """How urgent all the problems are that are sent at once."""

    urgency = forms.TypedChoiceField(
        label="ความเร่งด่วนของทุกเรื่องที่เลือก", choices=Urgency.choices(), coerce=Urgency
    )
