from typing import Any

from django import forms

from households.forms import TidyCharField
from quality.services.asking import Standing


class ExcuseForm(forms.Form):
    """Why a row that breaks a rule is right."""

    reason = TidyCharField(
        label="เหตุที่ข้อมูลนี้ถูกต้องแล้ว",
        help_text="เช่น ตรวจบัตรประชาชนแล้ว เป็นคนละคนกัน",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RuleForm(forms.Form):
    """One rule of a province: whether it is used, and its threshold."""

    is_on = forms.BooleanField(label="ใช้กติกานี้", required=False)
    threshold = forms.IntegerField(required=False)

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", standing.rule.code)
        kwargs.setdefault("initial", {"is_on": standing.is_on, "threshold": standing.threshold})
        super().__init__(*args, **kwargs)
        self.standing = standing
        limits = standing.rule.threshold
        if limits is None:
            del self.fields["threshold"]
            return
        self.fields["threshold"] = forms.IntegerField(
            label=f"{limits.label} ({limits.unit})",
            min_value=limits.least,
            max_value=limits.most,
            error_messages={
                "required": f"กรอกเกณฑ์ {limits.least:,} ถึง {limits.most:,}",
                "invalid": "กรอกเป็นตัวเลข",
                "min_value": f"ต้องไม่น้อยกว่า {limits.least:,}",
                "max_value": f"ต้องไม่เกิน {limits.most:,}",
            },
        )

    def is_changed(self) -> bool:
        data = self.cleaned_data
        threshold = data.get("threshold", self.standing.threshold)
        return bool(data["is_on"] != self.standing.is_on or threshold != self.standing.threshold)
