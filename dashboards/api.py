"""The figures of an area and year, for programs."""

from typing import Any

from django.http import Http404
from django.utils.timezone import localdate, now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import person
from areas.models import Area
from dashboards import permissions, queries
from dashboards.figures import Share, Summary
from households.workflow import ExitReason, Stage
from ppaos.lib.buddhist_era import to_be_year
from ppaos.web.api_paging import check
from problems.rules import DIMENSIONS
from referrals.workflow import AssistanceKind, Status
from slf.instrument import Capital, Group

EARLIEST_YEAR_BE, LATEST_YEAR_BE = 2500, 2699

Fields = dict[str, serializers.Field[Any, Any, Any, Any]]


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(allow_null=True)


def _money() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=20, decimal_places=2, allow_null=True)


def _score() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


def _part(name: str, fields: Fields) -> serializers.Serializer[Any]:
    made: type[serializers.Serializer[Any]] = type(name, (serializers.Serializer,), dict(fields))
    return made()


def _counts(name: str, codes: list[str]) -> serializers.Serializer[Any]:
    return _part(name, {code: _count() for code in codes})


class DashboardShare(serializers.Serializer[Any]):
    numerator = _count()
    denominator = _count()
    percent = serializers.DecimalField(max_digits=4, decimal_places=1, allow_null=True)


class DashboardDimension(serializers.Serializer[Any]):
    households = _count()
    people = _count()
    targets = _count()
    solved_households = _count()


class DashboardCapital(serializers.Serializer[Any]):
    mean = _score()
    sd = _score()
    n = _count()
    change_from_last_year = _score()


class DashboardHelpKind(serializers.Serializer[Any]):
    episodes = _count()
    baht = _money()


class DashboardHelpPart(DashboardHelpKind):
    households = _count()
    people = _count()


class SummaryOut(serializers.Serializer[Any]):
    """A suppressed number is null and named in `suppressed`; null elsewhere: nothing is known."""

    as_of = serializers.DateTimeField(allow_null=True)
    area = serializers.CharField()
    year_be = serializers.IntegerField()
    households = _counts("DashboardHouseholds", ["total", *(stage.value for stage in Stage)])
    people = _count()
    targets = _counts("DashboardTargets", ["total", "listed", "added"])
    levels = _counts("DashboardLevels", ["1", "2", "3", "4"])
    assessed = _count()
    dimensions = _part("DashboardDimensions", {d.value: DashboardDimension() for d in DIMENSIONS})
    people_total = _count()
    capitals = _part("DashboardCapitals", {c.value: DashboardCapital() for c in Capital})
    change = _part(
        "DashboardChange",
        {"n": _count(), "before": _score(), "after": _score(), "improved": _count()},
    )
    groups = _counts("DashboardGroups", [group.value for group in Group])
    referrals = _counts(
        "DashboardReferrals",
        ["total", *(status.value for status in Status), "overdue", "oldest_overdue_days"],
    )
    helped = _part(
        "DashboardHelped",
        {
            "households": _count(),
            "people": _count(),
            "episodes": _count(),
            "baht": _money(),
            "by_dimension": _part(
                "DashboardHelpIn", {d.value: DashboardHelpPart() for d in DIMENSIONS}
            ),
            "by_kind": _part(
                "DashboardHelpOf", {k.value: DashboardHelpKind() for k in AssistanceKind}
            ),
        },
    )
    kpi = _part(
        "DashboardKpi",
        {"a": DashboardShare(), "b": DashboardShare(), "goal": serializers.IntegerField()},
    )
    # The contract's name; the serializer's own property of this name is not asked for.
    errors = _part(  # type: ignore[assignment]
        "DashboardErrors", {"inclusion": DashboardShare(), "exclusion": DashboardShare()}
    )
    coverage = DashboardShare()
    exits = _counts("DashboardExits", [reason.value for reason in ExitReason])
    exits_with_evidence = _count()
    suppressed = serializers.ListField(child=serializers.CharField())


class SummaryQuery(serializers.Serializer[Any]):
    area = serializers.RegexField(r"^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{8})$", required=False)
    year_be = serializers.IntegerField(
        min_value=EARLIEST_YEAR_BE, max_value=LATEST_YEAR_BE, required=False
    )


@extend_schema(
    operation_id="dashboards_summary",
    summary="ตัวเลขภาพรวมของพื้นที่และปี",
    parameters=[SummaryQuery],
    responses=SummaryOut,
)
@api_view(["GET"])
def summary(request: Request) -> Response:
    user = person(request)
    permissions.check_can_see(user)
    query = check(SummaryQuery(data=request.query_params))
    code = query.get("area") or permissions.home_of(user)
    area = Area.objects.filter(pk=code).first()
    if area is None or not permissions.sees_area(user, code):
        raise Http404
    moment = now()
    year_be = query.get("year_be") or to_be_year(localdate(moment).year)
    found = queries.summary(area=area, year_be=year_be, user=user, at=moment)
    return Response(SummaryOut(as_answer(found)).data)


def as_answer(found: Summary) -> dict[str, Any]:
    """Return the summary in the shape of the contract."""
    return {
        "as_of": found.as_of,
        "area": found.area,
        "year_be": found.year_be,
        "households": {"total": found.households, **found.stages},
        "people": found.people,
        "targets": _values(found.targets, "total", "listed", "added"),
        "levels": {str(level): number for level, number in found.levels.items()},
        "assessed": found.assessed,
        "dimensions": {
            code: _values(figures, "households", "people", "targets", "solved_households")
            for code, figures in found.dimensions.items()
        },
        "people_total": found.people_total,
        "capitals": {
            name: _values(figures, "mean", "sd", "n", "change_from_last_year")
            for name, figures in found.capitals.items()
        },
        "change": _values(found.change, "n", "before", "after", "improved"),
        "groups": found.groups,
        "referrals": {
            "total": found.referrals.total,
            **found.referrals.by_status,
            "overdue": found.referrals.overdue,
            "oldest_overdue_days": found.referrals.oldest_overdue_days,
        },
        "helped": _helped(found),
        "kpi": {
            "a": _ratio(found.kpi.a),
            "b": _ratio(found.kpi.b),
            "goal": found.kpi.goal,
        },
        "errors": {
            "inclusion": _ratio(found.errors.inclusion),
            "exclusion": _ratio(found.errors.exclusion),
        },
        "coverage": _ratio(found.coverage),
        "exits": found.exits,
        "exits_with_evidence": found.exits_with_evidence,
        "suppressed": sorted(_renamed(key) for key in found.suppressed),
    }


def _values(figures: object, *names: str) -> dict[str, Any]:
    return {name: getattr(figures, name) for name in names}


def _ratio(share: Share) -> dict[str, Any]:
    return _values(share, "numerator", "denominator", "percent")


def _helped(found: Summary) -> dict[str, Any]:
    helped = found.helped
    return {
        **_values(helped, "households", "people", "episodes", "baht"),
        "by_dimension": {
            code: _values(part, "households", "people", "episodes", "baht")
            for code, part in helped.by_dimension.items()
        },
        "by_kind": {
            kind: _values(part, "episodes", "baht") for kind, part in helped.by_kind.items()
        },
    }


def _renamed(key: str) -> str:
    """Return where the answer keeps what the summary keeps under `key`."""
    if key == "households":
        return "households.total"
    return key.replace("stages.", "households.", 1)
