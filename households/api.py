"""The register over the API: one household, its verifications and exits.

Lists and search are casework's, because they filter by what other apps know.
"""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from areas.models import Area
from households import services
from households.models import Exit, Household, Member, SourceListing, Verification
from households.services import HouseholdChanges, HouseholdDraft, MemberDraft
from households.workflow import Consent, ExitReason, Outcome, Residence, Sex
from ppaos.lib import citizen_id, house_code
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import check


# ---- what goes out ---------------------------------------------------------------
class MemberOut(serializers.ModelSerializer[Member]):
    citizen_id = serializers.SerializerMethodField(help_text="ปิดบัง เช่น 1-xxxx-xxxxx-23-4")

    class Meta:
        model = Member
        fields = [
            "id",
            "seq",
            "is_head",
            "citizen_id",
            "title",
            "first_name",
            "last_name",
            "birth_date",
            "birth_year",
            "sex",
            "relation",
            "residence",
            "left_on",
            "version",
        ]

    def get_citizen_id(self, member: Member) -> str | None:
        return citizen_id.mask(member.citizen_id) if member.citizen_id else None


class ListingOut(serializers.ModelSerializer[SourceListing]):
    class Meta:
        model = SourceListing
        fields = [
            "source",
            "year_be",
            "member",
            "bmn_year_be",
            "welfare_year_be",
            "is_mpi_poor",
            "is_registered",
            "has_welfare_card",
        ]


class VerificationOut(serializers.ModelSerializer[Verification]):
    reason = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.username")

    class Meta:
        model = Verification
        fields = [
            "id",
            "outcome",
            "visited_on",
            "reason",
            "note",
            "recorded_at",
            "recorded_by",
            "retracted_at",
            "retracted_reason",
        ]


class ExitOut(serializers.ModelSerializer[Exit]):
    class Meta:
        model = Exit
        fields = ["id", "reason", "state", "proposed_at", "decided_at"]


class HouseholdBrief(serializers.ModelSerializer[Household]):
    """A household in a list."""

    area = serializers.CharField(source="area_id")
    moo = serializers.IntegerField(allow_null=True)
    head = serializers.SerializerMethodField()
    member_count = serializers.SerializerMethodField()

    class Meta:
        model = Household
        fields = [
            "id",
            "house_code",
            "temporary_code",
            "seq",
            "house_no",
            "moo",
            "village_name",
            "area",
            "subdistrict_code",
            "stage",
            "stage_date",
            "head",
            "member_count",
        ]

    def get_head(self, household: Household) -> str | None:
        people: list[Member] = household.present_members  # type: ignore[attr-defined]
        return people[0].full_name if people else None

    def get_member_count(self, household: Household) -> int:
        return len(household.present_members)  # type: ignore[attr-defined]


class HouseholdOut(serializers.ModelSerializer[Household]):
    """Everything this app knows of a household."""

    area = serializers.CharField(source="area_id")
    moo = serializers.IntegerField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    members = MemberOut(source="all_members", many=True)
    listings = ListingOut(source="all_listings", many=True)
    verifications = VerificationOut(source="all_verifications", many=True)
    exits = ExitOut(source="all_exits", many=True)

    class Meta:
        model = Household
        fields = [
            "id",
            "house_code",
            "temporary_code",
            "seq",
            "house_no",
            "moo",
            "village_name",
            "soi",
            "road",
            "area",
            "province_code",
            "district_code",
            "subdistrict_code",
            "lat",
            "lon",
            "phone",
            "stage",
            "stage_date",
            "consent",
            "consent_date",
            "version",
            "members",
            "listings",
            "verifications",
            "exits",
        ]


# ---- what comes in ---------------------------------------------------------------
class MemberIn(serializers.Serializer[Any]):
    citizen_id = serializers.CharField(max_length=40, allow_null=True)
    no_id_reason = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title = serializers.CharField(max_length=40, allow_blank=True)
    first_name = serializers.CharField(max_length=120)
    last_name = serializers.CharField(max_length=120, allow_blank=True)
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices(), allow_blank=True)
    relation = serializers.CharField(max_length=60, required=False, allow_blank=True)
    residence = serializers.ChoiceField(choices=Residence.choices(), required=False)
    is_head = serializers.BooleanField()

    def validate_citizen_id(self, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return citizen_id.normalise(value)
        except citizen_id.InvalidCitizenId as error:
            raise serializers.ValidationError(str(error)) from None


class _Place(serializers.Serializer[Any]):
    house_no = serializers.CharField(max_length=40, allow_blank=True)
    moo = serializers.IntegerField(min_value=0, max_value=99, allow_null=True)
    subdistrict_code = serializers.RegexField(r"^[0-9]{6}$")
    village_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    lat = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)
    lon = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)
    phone = serializers.RegexField(r"^[0-9+() -]{0,30}$", required=False, allow_blank=True)
    consent = serializers.ChoiceField(choices=Consent.choices())
    consent_date = serializers.DateField(required=False, allow_null=True)


class HouseholdIn(_Place):
    house_code = serializers.CharField(max_length=20, allow_null=True)
    shares_house = serializers.BooleanField(required=False)
    members = serializers.ListField(child=MemberIn(), min_length=1, max_length=60)
    reason = serializers.CharField(max_length=500)

    def validate_house_code(self, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return house_code.normalise(value)
        except house_code.InvalidHouseCode as error:
            raise serializers.ValidationError(str(error)) from None


class HouseholdPatch(_Place):
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields


class VerificationIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices())
    visited_on = serializers.DateField()
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class ExitIn(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=ExitReason.choices())
    note = serializers.CharField(max_length=4_000, required=False, allow_blank=True)


class RejectIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


# ---- views -----------------------------------------------------------------------
def person(request: Request) -> User:
    """Return who calls; the default permission has refused everybody else."""
    assert isinstance(request.user, User)
    return request.user


def visible_household(request: Request, pk: UUID) -> Household:
    """Return the household for its case file, or raise Http404."""
    found = Household.objects.visible_to(person(request)).for_case_file().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@extend_schema(
    methods=["GET"],
    operation_id="households_read",
    summary="แฟ้มครัวเรือน",
    responses=HouseholdOut,
)
@extend_schema(
    methods=["PATCH"],
    operation_id="households_update",
    summary="แก้ไขที่อยู่ พิกัด โทรศัพท์ ความยินยอม",
    request=HouseholdPatch,
    responses=HouseholdOut,
)
@api_view(["GET", "PATCH"])
def detail(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    if request.method == "PATCH":
        _update(request, household)
        household = visible_household(request, pk)
    else:
        services.note_read(household=household, by=person(request), at=now())
    return Response(HouseholdOut(household).data)


def create(request: Request) -> Response:
    """Register a household that no list has; the collection's POST."""
    data = check(HouseholdIn(data=request.data))
    draft = HouseholdDraft(
        area_code=_area_code(data["subdistrict_code"], data["moo"]),
        house_no=data["house_no"],
        house_code=data["house_code"],
        shares_house=data.get("shares_house", False),
        village_name=data.get("village_name", ""),
        lat=data.get("lat"),
        lon=data.get("lon"),
        phone=data.get("phone", ""),
        consent=Consent(data["consent"]),
        consent_date=data.get("consent_date") or localdate(),
        members=tuple(_member_draft(member) for member in data["members"]),
    )
    try:
        made = services.register_household(
            draft=draft, by=person(request), at=now(), reason=data["reason"]
        )
    except services.UnableToRegister as error:
        raise ValidationError(error.fields or {"non_field_errors": [str(error)]}) from None
    household = visible_household(request, made.pk)
    return Response(HouseholdOut(household).data, status=status.HTTP_201_CREATED)


def _member_draft(data: dict[str, Any]) -> MemberDraft:
    return MemberDraft(
        citizen_id=data["citizen_id"],
        no_id_reason=data.get("no_id_reason", ""),
        title=data["title"],
        first_name=data["first_name"],
        last_name=data["last_name"],
        birth_date=data["birth_date"],
        sex=data["sex"],
        relation=data.get("relation", ""),
        residence=Residence(data.get("residence", Residence.LISTED_AND_LIVING)),
        is_head=data["is_head"],
    )


def _area_code(subdistrict_code: str, moo: int | None) -> str:
    """Return the village if that is known, else the subdistrict."""
    village = f"{subdistrict_code}{moo:02d}" if moo else ""
    if village and Area.objects.filter(pk=village).exists():
        return village
    return subdistrict_code


def _update(request: Request, household: Household) -> None:
    data = check(HouseholdPatch(data=request.data))
    moo = data.get("moo", household.moo)
    subdistrict = data.get("subdistrict_code", household.subdistrict_code)
    moves = "moo" in data or "subdistrict_code" in data
    changes = HouseholdChanges(
        area_code=_area_code(subdistrict, moo) if moves else household.area_id,
        house_no=data.get("house_no", household.house_no),
        village_name=data.get("village_name", household.village_name),
        soi=household.soi,
        road=household.road,
        lat=data.get("lat", household.lat),
        lon=data.get("lon", household.lon),
        phone=data.get("phone", household.phone or ""),
        consent=Consent(data.get("consent", household.consent)),
        consent_date=data.get("consent_date", household.consent_date),
    )
    try:
        services.update_household(
            household=household,
            version=data["version"],
            changes=changes,
            by=person(request),
            at=now(),
        )
    except services.UnableToUpdateStale as error:
        raise Refusal(code="stale", message=str(error)) from None
    except services.UnableToUpdate as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    except services.UnableToRegister as error:
        raise ValidationError(error.fields or {"non_field_errors": [str(error)]}) from None


@extend_schema(
    operation_id="households_verify",
    summary="บันทึกผลสอบทาน",
    request=VerificationIn,
    responses={201: VerificationOut},
)
@api_view(["POST"])
def verifications(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    data = check(VerificationIn(data=request.data))
    try:
        verification = services.record_verification(
            household=household,
            outcome=Outcome(data["outcome"]),
            visited_on=data["visited_on"],
            reason=data.get("reason", ""),
            note=data.get("note", ""),
            by=person(request),
            at=now(),
        )
    except services.UnableToVerify as error:
        if error.field:
            raise ValidationError({error.field: [str(error)]}) from None
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(VerificationOut(verification).data, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="households_propose_exit",
    summary="เสนอให้พ้นเป้าหมาย",
    request=ExitIn,
    responses={201: ExitOut},
)
@api_view(["POST"])
def exits(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    data = check(ExitIn(data=request.data))
    try:
        proposal = services.propose_exit(
            household=household,
            reason=ExitReason(data["reason"]),
            note=data.get("note", ""),
            by=person(request),
            at=now(),
        )
    except services.UnableToExit as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    return Response(ExitOut(proposal).data, status=status.HTTP_201_CREATED)


def _visible_exit(request: Request, pk: UUID) -> Exit:
    seen = Household.objects.visible_to(person(request))
    found = Exit.objects.select_related("household").filter(pk=pk, household__in=seen).first()
    if found is None:
        raise Http404
    return found


@extend_schema(
    operation_id="exits_approve", summary="อนุมัติให้พ้นเป้าหมาย", request=None, responses=ExitOut
)
@api_view(["POST"])
def approve_exit(request: Request, pk: UUID) -> Response:
    proposal = _visible_exit(request, pk)
    try:
        services.approve_exit(proposal=proposal, by=person(request), at=now())
    except services.UnableToExit as error:
        raise Refusal(code="taken", message=str(error)) from None
    return Response(ExitOut(proposal).data)


@extend_schema(
    operation_id="exits_reject",
    summary="ไม่อนุมัติให้พ้นเป้าหมาย",
    request=RejectIn,
    responses=ExitOut,
)
@api_view(["POST"])
def reject_exit(request: Request, pk: UUID) -> Response:
    proposal = _visible_exit(request, pk)
    data = check(RejectIn(data=request.data))
    try:
        services.reject_exit(proposal=proposal, by=person(request), at=now(), reason=data["reason"])
    except services.UnableToExit as error:
        raise Refusal(code="taken", message=str(error)) from None
    return Response(ExitOut(proposal).data)
