"""What a program sends about a referral: one shape for each action, no other column."""

from typing import Any

from rest_framework import serializers

from accounts.models import Agency, User
from referrals.workflow import AssistanceKind, ClosingReason, Result, Status, Urgency

MOST_BAHT = 9_999_999_999
LONGEST_NOTE = 4_000


def _text(*, required: bool = False) -> serializers.CharField:
    return serializers.CharField(
        max_length=LONGEST_NOTE, required=required, allow_blank=not required
    )


class ReferralIn(serializers.Serializer[Any]):
    household = serializers.UUIDField()
    problem = serializers.UUIDField()
    agency = serializers.SlugField(
        max_length=40, allow_null=True, required=False, help_text="ว่าง = ตามเกณฑ์เลือกหน่วยงาน"
    )
    urgency = serializers.ChoiceField(choices=Urgency.choices(), required=False)
    note = _text()


class MoveIn(serializers.Serializer[Any]):
    """`version`, if sent, must be the one that the caller read, else somebody was first."""

    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)


class NotedIn(MoveIn):
    note = _text()


class SubmitIn(NotedIn):
    agency = serializers.SlugField(max_length=40, allow_null=True, required=False)


class AcceptIn(NotedIn):
    expected_date = serializers.DateField()


class ReasonedIn(MoveIn):
    reason = _text(required=True)


class StartIn(MoveIn):
    note = _text(required=True)


class ReportHelpIn(NotedIn):
    """What was given and what it did. Without a kind, what was recorded before counts."""

    kind = serializers.ChoiceField(choices=AssistanceKind.choices(), required=False)
    amount_thb = serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, max_value=MOST_BAHT, required=False
    )
    help_date = serializers.DateField(required=False)
    people = serializers.IntegerField(min_value=1, max_value=999, required=False)
    description = _text()
    result = serializers.ChoiceField(choices=Result.choices())

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in ("kind", "amount_thb", "help_date") if name in data]
        if given or {"people", "description"} & data.keys():
            missing = {"kind", "amount_thb", "help_date"} - set(given)
            if missing:
                raise serializers.ValidationError(
                    {name: ["ระบุประเภท จำนวนเงิน และวันที่ช่วยเหลือให้ครบ"] for name in sorted(missing)}
                )
        return data


class CheckIn(NotedIn):
    problem_remains = serializers.BooleanField()
    satisfaction = serializers.IntegerField(
        min_value=1, max_value=5, required=False, allow_null=True
    )
    checked_on = serializers.DateField(required=False, help_text="ว่าง = วันนี้")


class CloseIn(NotedIn):
    reason = serializers.ChoiceField(choices=ClosingReason.choices())


class TransferIn(ReasonedIn):
    agency = serializers.SlugField(max_length=40)


class Narrowing(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=Status.choices(), required=False)
    agency = serializers.SlugField(max_length=40, required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    household = serializers.UUIDField(required=False)


def agency_of(code: str | None, *, by: User) -> Agency | None:
    """Return the agency of this code, of those that serve where `by` works; None for no code.

    Raises ValidationError, in the same words for an unknown one and one of elsewhere.
    """
    if code is None:
        return None
    agency = Agency.objects.active().for_referrals_of(by).filter(code=code).first()
    if agency is None:
        raise serializers.ValidationError({"agency": ["ไม่มีหน่วยงานรหัสนี้ในพื้นที่ของท่าน"]})
    return agency
