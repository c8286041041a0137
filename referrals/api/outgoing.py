"""What a program is told of a referral.

Of the household it is told only what the referral is about, whoever asks: an agency has no
more to read, and who may open the case file reads the rest there.
"""

from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from households.models import Household, Member
from households.permissions import can_open_file
from ppaos.lib import citizen_id
from problems.models import Problem
from referrals.models import Assistance, OutcomeCheck, Referral, ReferralEvent
from referrals.permissions import can_move
from referrals.workflow import (
    Action,
    AssistanceKind,
    ClosingReason,
    Result,
    Status,
    Urgency,
    moves_from,
)
from slf.services.people import age_of


class ReferredHouseholdOut(serializers.ModelSerializer[Household]):
    """Where it is and whom to ask for; of a protected household only the district."""

    area = serializers.CharField(source="area_id")
    moo = serializers.IntegerField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    head = serializers.SerializerMethodField()

    class Meta:
        model = Household
        fields = [
            "id",
            "head",
            "house_no",
            "moo",
            "village_name",
            "soi",
            "road",
            "area",
            "phone",
            "is_protected",
        ]

    def to_representation(self, instance: Household) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        if instance.is_protected:
            data |= dict.fromkeys(("house_no", "village_name", "soi", "road"), "")
            data |= {"moo": None, "phone": None, "area": instance.district_code}
        return data

    def get_head(self, household: Household) -> str | None:
        heads: list[Member] = household.heads  # type: ignore[attr-defined]
        return heads[0].full_name if heads else None


class ReferredProblemOut(serializers.ModelSerializer[Problem]):
    need = serializers.CharField(source="need_text", allow_null=True)

    class Meta:
        model = Problem
        fields = ["id", "dimension", "code", "need"]


class NamedPersonOut(serializers.ModelSerializer[Member]):
    """Somebody named in the problem."""

    name = serializers.CharField(source="full_name")
    age = serializers.SerializerMethodField()
    citizen_id = serializers.SerializerMethodField(help_text="ปิดบัง เช่น 1-xxxx-xxxxx-23-4")

    class Meta:
        model = Member
        fields = ["name", "age", "sex", "citizen_id"]

    def get_age(self, member: Member) -> int | None:
        return age_of(member, on=localdate())

    def get_citizen_id(self, member: Member) -> str | None:
        return citizen_id.mask(member.citizen_id) if member.citizen_id else None


class AssistanceOut(serializers.ModelSerializer[Assistance]):
    kind = serializers.ChoiceField(choices=AssistanceKind.choices())
    agency = serializers.CharField(source="agency.code")
    description = serializers.CharField(allow_null=True)
    photos = serializers.IntegerField(source="photos.count")
    recorded_by = serializers.CharField(source="recorded_by.username")

    class Meta:
        model = Assistance
        fields = [
            "id",
            "kind",
            "agency",
            "amount_thb",
            "helped_on",
            "people",
            "description",
            "photos",
            "recorded_at",
            "recorded_by",
            "retracted_at",
            "retracted_reason",
        ]


class CheckOut(serializers.ModelSerializer[OutcomeCheck]):
    note = serializers.CharField(allow_null=True)
    checked_by = serializers.CharField(source="checked_by.username")

    class Meta:
        model = OutcomeCheck
        fields = [
            "checked_on",
            "problem_remains",
            "satisfaction",
            "note",
            "recorded_at",
            "checked_by",
        ]


class ReferralEventOut(serializers.ModelSerializer[ReferralEvent]):
    action = serializers.CharField()
    from_status = serializers.ChoiceField(choices=Status.choices(), allow_blank=True)
    to_status = serializers.ChoiceField(choices=Status.choices())
    agency = serializers.CharField(source="agency.code", allow_null=True, default=None)
    by = serializers.CharField(source="by.username")
    note = serializers.CharField(allow_null=True)

    class Meta:
        model = ReferralEvent
        fields = ["action", "from_status", "to_status", "at", "by", "agency", "note"]


class ReferralBrief(serializers.ModelSerializer[Referral]):
    """A referral in a list."""

    status = serializers.ChoiceField(choices=Status.choices())
    urgency = serializers.ChoiceField(choices=Urgency.choices())
    agency = serializers.CharField(source="agency.code", allow_null=True, default=None)
    dimension = serializers.CharField(source="problem.dimension")
    code = serializers.CharField(source="problem.code")
    area = serializers.SerializerMethodField()
    is_overdue = serializers.SerializerMethodField()

    class Meta:
        model = Referral
        fields = [
            "id",
            "number",
            "status",
            "urgency",
            "agency",
            "household",
            "area",
            "dimension",
            "code",
            "due_on",
            "is_overdue",
            "submitted_at",
            "moved_at",
        ]

    def get_area(self, referral: Referral) -> str:
        household = referral.household
        return household.district_code if household.is_protected else household.area_id

    def get_is_overdue(self, referral: Referral) -> bool:
        return referral.due_on is not None and referral.due_on < localdate()


class ReferralOut(serializers.ModelSerializer[Referral]):
    """One referral, as far as `for_page` found that the caller is shown it."""

    status = serializers.ChoiceField(choices=Status.choices())
    urgency = serializers.ChoiceField(choices=Urgency.choices())
    result = serializers.ChoiceField(choices=Result.choices(), allow_blank=True)
    closing_reason = serializers.ChoiceField(choices=ClosingReason.choices(), allow_blank=True)
    agency = serializers.CharField(source="agency.code", allow_null=True, default=None)
    household = ReferredHouseholdOut()
    problem = ReferredProblemOut()
    people = NamedPersonOut(source="problem.named_people", many=True)
    need = serializers.CharField(allow_null=True)
    assistance = AssistanceOut(source="shown_assistance", many=True)
    checks = CheckOut(source="shown_checks", many=True)
    events = ReferralEventOut(source="shown_events", many=True)
    routing_reason = serializers.SerializerMethodField(help_text="ว่างสำหรับหน่วยงาน")
    transferred_from = serializers.SerializerMethodField(help_text="ว่างสำหรับหน่วยงาน")
    actions = serializers.SerializerMethodField(help_text="สิ่งที่ผู้เรียกทำได้ตอนนี้")

    class Meta:
        model = Referral
        fields = [
            "id",
            "number",
            "status",
            "urgency",
            "agency",
            "household",
            "problem",
            "people",
            "need",
            "due_on",
            "expected_date",
            "result",
            "closing_reason",
            "routing_reason",
            "transferred_from",
            "created_at",
            "submitted_at",
            "received_at",
            "accepted_at",
            "helped_at",
            "checked_at",
            "ended_at",
            "moved_at",
            "version",
            "actions",
            "assistance",
            "checks",
            "events",
        ]

    def _shows_file(self, referral: Referral) -> bool:
        return can_open_file(self.context["user"], referral.household)

    def get_routing_reason(self, referral: Referral) -> str:
        return referral.routing_reason if self._shows_file(referral) else ""

    def get_transferred_from(self, referral: Referral) -> UUID | None:
        return referral.transferred_from_id if self._shows_file(referral) else None

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Action.choices())))
    def get_actions(self, referral: Referral) -> list[str]:
        """Return the moves that the table allows this person from here."""
        user: Any = self.context["user"]
        moves = moves_from(Status(referral.status))
        return [move.action.value for move in moves if can_move(user, referral, move.action)]
