"""One household of the register over the API: read, made, corrected."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from areas.models import Area
from households import services
from households.api.incoming import HouseholdIn, HouseholdPatch
from households.api.outgoing import HouseholdOut
from households.models import Household
from households.services import HouseholdChanges, HouseholdDraft, MemberDraft
from households.workflow import Consent, Residence
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import check


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
    summary="แก้ไขที่อยู่ พิกัด โทรศัพท์",
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
