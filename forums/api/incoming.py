"""What a program sends, read into typed values; and refusals in the contract's words."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.models import Agency
from accounts.permissions import person
from forums import services
from forums.models import Forum, Resolution
from forums.services import Stale, UnableToConvene, WrongState
from forums.workflow import Format, ItemKind, Level, Sector, Status
from ppaos.web.api_errors import Refusal
from ppaos.web.api_paging import PageQuery
from problems.rules import Dimension

MOST_AT_ONCE = 200


class ForumIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    format = serializers.ChoiceField(choices=Format.choices())
    level = serializers.ChoiceField(choices=Level.choices())
    area = serializers.RegexField(r"^([0-9]{2}){1,3}$")
    held_on = serializers.DateField()
    starts_at = serializers.TimeField(required=False, allow_null=True)
    place = serializers.CharField(max_length=200)
    organiser_agency = serializers.UUIDField(required=False, allow_null=True)
    organiser = serializers.CharField(max_length=200, required=False, allow_blank=True)


OTHER_KINDS = [(k.value, k.label) for k in (ItemKind.PROBLEM_AREA, ItemKind.OTHER)]


class OtherItemIn(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=OTHER_KINDS, required=False)
    dimension = serializers.ChoiceField(choices=Dimension.choices(), required=False)
    area = serializers.RegexField(r"^([0-9]{2}){1,4}$", required=False)


class AgendaIn(serializers.Serializer[Any]):
    referrals = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_AT_ONCE
    )
    resolutions = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_AT_ONCE
    )
    items = serializers.ListField(child=OtherItemIn(), required=False, max_length=MOST_AT_ONCE)


class ParticipantsIn(serializers.Serializer[Any]):
    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            sector.value: serializers.IntegerField(
                min_value=0, max_value=services.MOST_PEOPLE, required=False, label=sector.label
            )
            for sector in Sector
        }


class HoldIn(serializers.Serializer[Any]):
    participants = ParticipantsIn()
    agencies = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_AT_ONCE
    )
    summary = serializers.CharField(max_length=8_000, required=False, allow_blank=True)


class ResolutionIn(serializers.Serializer[Any]):
    agenda_item = serializers.UUIDField()
    text = serializers.CharField(max_length=4_000)
    owner_agency = serializers.UUIDField(required=False, allow_null=True)
    owner = serializers.CharField(max_length=200, required=False, allow_blank=True)
    due_on = serializers.DateField()


class ResolutionQuery(PageQuery):
    status = serializers.ChoiceField(choices=Status.choices(), required=False)
    overdue = serializers.BooleanField(required=False, allow_null=True, default=None)
    agency = serializers.UUIDField(required=False)
    area = serializers.RegexField(r"^([0-9]{2}){1,3}$", required=False)


class ResolutionNoteIn(serializers.Serializer[Any]):
    note = serializers.CharField(max_length=2_000)
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)


class ResolutionDoneIn(ResolutionNoteIn):
    note = serializers.CharField(max_length=2_000, required=False, allow_blank=True)


class ResolutionReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=300)
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647, required=False)


def visible_forum(request: Request, pk: UUID) -> Forum:
    found = Forum.objects.visible_to(person(request)).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def visible_resolution(request: Request, pk: UUID) -> Resolution:
    found = Resolution.objects.visible_to(person(request)).for_list().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def agency_of(pk: UUID | None, *, field: str) -> Agency | None:
    if pk is None:
        return None
    found = Agency.objects.filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: ["ไม่พบหน่วยงานนี้"]})
    return found


def rows_of(visible: Any, data: dict[str, Any], name: str) -> list[Any]:
    """Return the rows of these keys in their order, or refuse those that are not there."""
    wanted = list(dict.fromkeys(data.get(name, [])))
    rows = visible.in_bulk(wanted)
    if len(rows) < len(wanted):
        raise ValidationError({name: ["ไม่พบบางรายการ หรืออยู่นอกพื้นที่ที่ท่านรับผิดชอบ"]})
    return [rows[pk] for pk in wanted]


def told(act: Callable[[], Any], *, fields: set[str], renamed: dict[str, str] | None = None) -> Any:
    """Act, and turn a refusal into the contract's answer: 400 for what was sent, else 409."""
    try:
        return act()
    except Stale as error:
        raise Refusal(code="stale", message=str(error)) from None
    except WrongState as error:
        raise Refusal(code="invalid_state", message=str(error)) from None
    except UnableToConvene as error:
        field = (renamed or {}).get(error.field, error.field)
        if field and (field in fields or field in {"organiser", "owner"}):
            raise ValidationError({field: [str(error)]}) from None
        raise Refusal(code="invalid_state", message=str(error)) from None
