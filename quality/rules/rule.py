"""What a rule of the data's quality is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from areas.querysets import within
from households.models import Household, Member
from households.workflow import Stage
from ppaos.lib.labelled import LabelledEnum


class Severity(LabelledEnum):
    SERIOUS = "serious", "ต้องแก้ไข"
    MINOR = "minor", "ควรแก้ไข"


@dataclass(frozen=True, slots=True)
class Ask:
    """Where to look, on which day, and the rule's threshold (0 for a rule without one).

    `province` is where a rule that compares rows looks for the others.
    """

    areas: tuple[str, ...]
    province: str
    today: date
    threshold: int = 0

    def households(self) -> "QuerySet[Household]":
        """Return those that are followed: neither merged into another nor gone."""
        return self.all_households().exclude(stage=Stage.EXITED)

    def all_households(self) -> "QuerySet[Household]":
        """Return also those that left the targets; merged ones stand in no list."""
        here = within(self.areas, column="area_id")
        return Household.objects.filter(here, merged_into__isnull=True)

    def members(self) -> "QuerySet[Member]":
        """Return who is in the households that are followed."""
        here = within(self.areas, column="household__area_id")
        return (
            Member.objects.present()
            .filter(here, household__merged_into__isnull=True)
            .exclude(household__stage=Stage.EXITED)
        )

    def beside(self) -> Q:
        """Fit the households of the whole province that are followed."""
        return within([self.province], column="area_id") & Q(merged_into__isnull=True)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that a province may set otherwise."""

    label: str
    default: int
    unit: str
    least: int = 1
    most: int = 10_000


@dataclass(frozen=True, slots=True)
class Mend:
    """Where a row is mended: the page's name, and the field to stand in when it opens."""

    label: str
    page: str
    field: str = ""
    of_member: bool = False

    def url(self, *, household: Any, member: Any = None) -> str:
        arguments = {"pk": household}
        if self.of_member:
            arguments["member_pk"] = member
        return f"{reverse(self.page, kwargs=arguments)}{f'#id_{self.field}' if self.field else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data. `find` returns the households or the members that break it.

    A changed meaning is a new `version`; what it was stands in the history of this file.
    """

    code: str
    title: str
    why: str
    severity: Severity
    mend: Mend
    find: Callable[[Ask], "QuerySet[Any]"]
    threshold: Threshold | None = None
    version: int = 1
    of_members: bool = False
    # Whether rows are held against others of the province: then a list asks for them first,
    # since a page of fifty may otherwise compare everybody with everybody, row by row.
    compares: bool = False
