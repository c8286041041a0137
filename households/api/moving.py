"""Moves, splits, births and answers to moves, over the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import check_has_anywhere, person
from accounts.roles import Permission
from areas.services import present_code
from households import permissions, services
from households.api.incoming import checked_citizen_id
from households.api.outgoing import HouseholdOut
from households.api.register import visible_household
from households.models import Household, HouseholdMove, Member
from households.services import MemberDraft, Place
from households.workflow import MoveReason, Sex
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery, check, page_schema, respond_with_page


class PlaceIn(serializers.Serializer[Any]):
    """Where to. `area_code` is a subdistrict or village; a former code means today's."""

    area_code = serializers.RegexField(r"^([0-9]{6}|[0-9]{8})$")
    house_no = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    house_code = serializers.RegexField(r"^[0-9]{11}$", required=False, allow_null=True)
    village_name = serializers.CharField(max_length=120, required=False, default="")
    lat = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)
    lon = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)


class HouseholdMoveIn(PlaceIn):
    version = serializers.IntegerField(min_value=1)
    reason = serializers.ChoiceField(
        choices=[(one.value, one.label) for one in (MoveReason.MOVED, MoveReason.CORRECTED)]
    )
    moved_on = serializers.DateField()
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class PartIn(serializers.Serializer[Any]):
    """Who goes: into `household`, or to make one of their own at `place` under `head`."""

    version = serializers.IntegerField(min_value=1)
    members = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20)
    heir = serializers.UUIDField(required=False, allow_null=True)
    moved_on = serializers.DateField()
    household = serializers.UUIDField(required=False, allow_null=True)
    place = PlaceIn(required=False)
    head = serializers.UUIDField(required=False, allow_null=True)


class BirthIn(serializers.Serializer[Any]):
    # A field of this name hides DRF's own attribute, which its metaclass allows.
    parent = serializers.UUIDField()  # type: ignore[assignment]
    title = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    first_name = serializers.CharField(max_length=120)
    last_name = serializers.CharField(max_length=120, required=False, default="")
    citizen_id = serializers.CharField(max_length=40, required=False, allow_null=True)
    no_id_reason = serializers.CharField(max_length=200, required=False, default="ยังไม่แจ้งเกิด")
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=Sex.choices(), required=False, default="")

    def validate_citizen_id(self, value: str | None) -> str | None:
        return checked_citizen_id(value)


class RefusalIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)


class MoveOut(serializers.ModelSerializer[HouseholdMove]):
    from_area = serializers.CharField(source="from_area_id")
    to_area = serializers.CharField(source="to_area_id")
    asked_by = serializers.CharField(source="asked_by.username")

    class Meta:
        model = HouseholdMove
        fields = [
            "id",
            "household",
            "state",
            "reason",
            "moved_on",
            "from_area",
            "to_area",
            "asked_at",
            "asked_by",
            "decided_at",
            "decided_reason",
        ]

    def to_representation(self, instance: HouseholdMove) -> dict[str, Any]:
        """Of a protected household that is not here yet, only the district is told."""
        data: dict[str, Any] = super().to_representation(instance)
        if instance.household.is_protected and "person" in self.context:
            data |= {"household": None, "from_area": instance.from_area_id[:4]}
        return data


@extend_schema(
    methods=["GET"],
    operation_id="household_moves_list",
    summary="ประวัติการย้ายของครัวเรือน",
    responses=MoveOut(many=True),
)
@extend_schema(
    methods=["POST"],
    operation_id="household_moves_create",
    summary="ย้ายครัวเรือน หรือขอให้พื้นที่ปลายทางรับ",
    request=HouseholdMoveIn,
    responses={201: MoveOut},
)
@api_view(["GET", "POST"])
def of_household(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    if request.method == "GET":
        services.note_read(household=household, by=person(request), at=now())
        rows = household.moves.for_list().select_related("household")
        return Response(MoveOut(rows.order_by("-asked_at", "-pk"), many=True).data)
    permissions.check_can_update(person(request), household)
    data = check(HouseholdMoveIn(data=request.data))
    with _refusals():
        move = services.move_household(
            household=household,
            version=data["version"],
            to=_place(data),
            reason=MoveReason(data["reason"]),
            moved_on=data["moved_on"],
            note=data["note"],
            by=person(request),
            at=now(),
        )
    return Response(MoveOut(move).data, status=status.HTTP_201_CREATED)


@extend_schema(
    operation_id="household_part",
    summary="ย้ายสมาชิกไปอีกครัวเรือน หรือแยกครัวเรือน",
    request=PartIn,
    responses={201: HouseholdOut},
)
@api_view(["POST"])
def part(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    permissions.check_can_update(person(request), household)
    data = check(PartIn(data=request.data))
    people = {member.pk: member for member in household.members.all()}
    unknown = [str(key) for key in data["members"] if key not in people]
    if unknown:
        raise ValidationError({"members": [f"ไม่ใช่สมาชิกของครัวเรือนนี้: {', '.join(unknown)}"]})
    shared: dict[str, Any] = {
        "members": [people[key] for key in data["members"]],
        "version": data["version"],
        "heir": people.get(data["heir"]) if data.get("heir") else None,
        "moved_on": data["moved_on"],
        "by": person(request),
        "at": now(),
    }
    with _refusals():
        target = _part(request, data, people, shared)
    return Response(
        HouseholdOut(visible_household(request, target.pk)).data, status=status.HTTP_201_CREATED
    )


def _part(
    request: Request, data: dict[str, Any], people: dict[UUID, Member], shared: dict[str, Any]
) -> Household:
    if data.get("household"):
        target = visible_household(request, data["household"])
        services.move_members(to=target, **shared)
        return target
    head = people.get(data["head"]) if data.get("head") else None
    if head is None or "place" not in data:
        raise ValidationError({"household": ["ระบุครัวเรือนปลายทาง หรือ place และ head ของครัวเรือนใหม่"]})
    return services.split_household(head=head, to=_place(data["place"]), **shared)


@extend_schema(
    operation_id="household_birth",
    summary="เพิ่มเด็กเกิดใหม่",
    request=BirthIn,
    responses={201: HouseholdOut},
)
@api_view(["POST"])
def births(request: Request, pk: UUID) -> Response:
    household = visible_household(request, pk)
    permissions.check_can_update(person(request), household)
    data = check(BirthIn(data=request.data))
    parent = household.members.filter(pk=data.pop("parent")).first()
    if parent is None:
        raise ValidationError({"parent": ["ไม่ใช่สมาชิกของครัวเรือนนี้"]})
    draft = MemberDraft(**data, relation="บุตร" if parent.is_head else "หลาน")
    try:
        services.add_member(
            household=household, draft=draft, parent=parent, by=person(request), at=now()
        )
    except services.UnableToRegister as error:
        raise ValidationError(error.fields or {"non_field_errors": [str(error)]}) from None
    return Response(
        HouseholdOut(visible_household(request, pk)).data, status=status.HTTP_201_CREATED
    )


# ---- the receiving side ----------------------------------------------------------
@extend_schema(
    operation_id="moves_list",
    summary="ครัวเรือนที่ขอย้ายเข้าพื้นที่",
    parameters=[PageQuery],
    responses=page_schema("Move", MoveOut(many=True)),
)
@api_view(["GET"])
def incoming(request: Request) -> Response:
    user = person(request)
    check_has_anywhere(user, Permission.MOVE_ACCEPT)
    check(PageQuery(data=request.query_params))
    rows = HouseholdMove.objects.coming_to(user).select_related("household", "asked_by")
    return respond_with_page(request, rows, order=("asked_at", "id"), represent=_represent)


def _represent(rows: list[HouseholdMove]) -> list[Any]:
    return list(MoveOut(rows, many=True, context={"person": True}).data)


@extend_schema(
    operation_id="moves_accept", summary="รับครัวเรือนที่ขอย้ายเข้า", request=None, responses=MoveOut
)
@api_view(["POST"])
def accept(request: Request, pk: UUID) -> Response:
    move = _coming(request, pk)
    with _refusals():
        services.accept_move(move=move, by=person(request), at=now())
    return Response(MoveOut(move).data)


@extend_schema(
    operation_id="moves_refuse", summary="ไม่รับครัวเรือน", request=RefusalIn, responses=MoveOut
)
@api_view(["POST"])
def refuse(request: Request, pk: UUID) -> Response:
    move = _coming(request, pk)
    data = check(RefusalIn(data=request.data))
    with _refusals():
        services.refuse_move(move=move, reason=data["reason"], by=person(request), at=now())
    return Response(MoveOut(move, context={"person": True}).data)


def _coming(request: Request, pk: UUID) -> HouseholdMove:
    found = HouseholdMove.objects.coming_to(person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _place(data: dict[str, Any]) -> Place:
    names = ("house_no", "village_name", "house_code", "lat", "lon")
    given = {name: data[name] for name in names if data.get(name) is not None}
    return Place(area_code=present_code(data["area_code"]), **given)


@contextmanager
def _refusals() -> Iterator[None]:
    """Answer what a service refuses in the way of the API."""
    try:
        yield
    except services.UnableToUpdateStale as error:
        raise Refusal(code="stale", message=str(error)) from None
    except services.UnableToUpdate as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
