"""What a program is told of a forum and a resolution."""

from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.permissions import person
from forums import services
from forums.models import Forum, Resolution
from forums.services import AgendaLine, Case, ResolutionLine
from forums.workflow import Format, ForumState, ItemKind, ItemOutcome, Level, Status
from problems.rules import Dimension


class ParticipantsOut(serializers.Serializer[Any]):
    """People by sector; who they were is not kept."""

    state = serializers.IntegerField()
    private = serializers.IntegerField()
    civil_society = serializers.IntegerField()
    academic = serializers.IntegerField()
    people = serializers.IntegerField()


class ForumOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    title = serializers.CharField()
    format = serializers.ChoiceField(choices=Format.choices())
    level = serializers.ChoiceField(choices=Level.choices())
    area = serializers.CharField(source="area_id")
    held_on = serializers.DateField()
    starts_at = serializers.TimeField(allow_null=True)
    place = serializers.CharField()
    organiser_agency = serializers.UUIDField(source="organiser_agency_id", allow_null=True)
    organiser = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=ForumState.choices())
    cancelled_reason = serializers.CharField(allow_blank=True)
    participants = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @extend_schema_field(ParticipantsOut(allow_null=True))
    def get_participants(self, forum: Forum) -> dict[str, int | None] | None:
        if forum.people is None:
            return None
        return {sector.value: count for sector, count in forum.counts}


class CaseOut(serializers.Serializer[Any]):
    """A case on the agenda; the household's names are in its own file."""

    referral = serializers.UUIDField(source="referral.pk")
    number = serializers.CharField(source="referral.number")
    household = serializers.UUIDField(source="household.pk")
    code = serializers.CharField(source="household.code")
    agency = serializers.UUIDField(source="referral.agency_id", allow_null=True)
    due_on = serializers.DateField(source="referral.due_on", allow_null=True)
    days_overdue = serializers.IntegerField(allow_null=True)


class ResolutionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    forum = serializers.UUIDField()
    agenda_item = serializers.UUIDField()
    number = serializers.IntegerField()
    is_open = serializers.BooleanField()
    text = serializers.CharField(allow_null=True)
    referral = serializers.UUIDField(allow_null=True)
    owner_agency = serializers.UUIDField(allow_null=True)
    owner = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField()
    days_overdue = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices())
    ended_at = serializers.DateTimeField(allow_null=True)
    dropped_reason = serializers.CharField(allow_null=True)
    version = serializers.IntegerField()


class AgendaItemOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=ItemKind.choices())
    is_open = serializers.BooleanField()
    title = serializers.CharField(allow_null=True)
    case = CaseOut(allow_null=True)
    carried = ResolutionOut(allow_null=True)
    dimension = serializers.ChoiceField(choices=Dimension.choices(), allow_null=True)
    area = serializers.CharField(allow_null=True)
    outcome = serializers.ChoiceField(choices=ItemOutcome.choices(), allow_null=True)
    note = serializers.CharField(allow_null=True)
    resolutions = ResolutionOut(many=True)


class ForumFull(ForumOut):
    """A forum with its agenda, in order."""

    summary = serializers.CharField(allow_null=True)
    agencies = serializers.ListField(child=serializers.UUIDField())
    agenda = AgendaItemOut(many=True)


class AddedOut(serializers.Serializer[Any]):
    added = serializers.ListField(child=serializers.UUIDField())


def represent_forum(request: Request, forum: Forum) -> Any:
    lines = services.agenda_of(forum=forum, by=person(request), on=localdate())
    return {
        **ForumOut(forum).data,
        "summary": forum.summary,
        "agencies": [str(agency.pk) for agency in forum.agencies.order_by("pk")],
        "agenda": [_item(line) for line in lines],
    }


def _item(line: AgendaLine) -> Any:
    item = line.item
    return AgendaItemOut(
        {
            "id": item.pk,
            "kind": item.kind,
            "is_open": line.is_open,
            "title": item.title if line.is_open else None,
            "case": line.case,
            "carried": _columns(line.carried) if line.carried else None,
            "dimension": (item.dimension or None) if line.is_open else None,
            "area": item.area_id,
            "outcome": item.outcome or None,
            "note": item.note if line.is_open else None,
            "resolutions": [_columns(taken) for taken in line.resolutions],
        }
    ).data


def represent(request: Request, row: Resolution) -> Any:
    found = Resolution.objects.for_list().get(pk=row.pk)
    return represent_line(services.resolution_lines([found], by=person(request), on=localdate())[0])


def represent_line(line: ResolutionLine) -> Any:
    return ResolutionOut(_columns(line)).data


def _columns(line: ResolutionLine) -> dict[str, Any]:
    row, case = line.resolution, line.case
    return {
        "id": row.pk,
        "forum": row.forum_id,
        "agenda_item": row.agenda_item_id,
        "number": row.number,
        "is_open": line.is_open,
        "text": row.text if line.is_open else None,
        "referral": _referral_of(case),
        "owner_agency": row.owner_agency_id,
        "owner": row.owner,
        "due_on": row.due_on,
        "days_overdue": line.days_overdue,
        "status": row.status,
        "ended_at": row.ended_at,
        "dropped_reason": (row.dropped_reason or None) if line.is_open else None,
        "version": row.version,
    }


def _referral_of(case: Case | None) -> UUID | None:
    return case.referral.pk if case else None
