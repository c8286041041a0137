"""Who may be there already, said while somebody is being added."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from households.models import Household, Member
from households.services.identity import citizen_id_indexes
from households.services.searching import likely_twins
from ppaos.lib import citizen_id
from ppaos.lib.thai_names import likeness, same_person_name

_ALIKE = 0.7
"""Likeness of names (0–1) from which a near citizen ID is taken for a slip of the pen.

Numbers given out one after the other are near too, so that a near ID alone says nothing.
"""
MOST = 5


@dataclass(frozen=True, slots=True)
class Typed:
    """A person as far as typed; `citizen_id` as it stands there, right or not."""

    first_name: str
    last_name: str = ""
    citizen_id: str = ""

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Twin:
    """A household that may be the one being added, and why."""

    household: Household
    why: str


def twins_of(*, people: Collection[Typed], area_code: str, by: User) -> list[Twin]:
    """Return up to five households, of those `by` may read, where one of `people` may live.

    A like name counts in the same district; a like name with an ID that is one digit or
    one swap away counts wherever the household is.
    """
    near = _with_near_id(people, by=by)
    named = likely_twins(
        names=[(person.first_name, person.last_name) for person in people],
        area_code=area_code,
        by=by,
    )
    households = Household.objects.visible_to(by).filter(pk__in=near)
    found = (
        [
            Twin(household, near[household.pk])
            for household in households.for_list().order_by("area_id", "pk")[:MOST]
        ]
        if near
        else []
    )
    found += [
        Twin(household, "ชื่อใกล้เคียงกันมากในอำเภอเดียวกัน")
        for household in named
        if household.pk not in near
    ]
    return found[:MOST]


def _with_near_id(people: Collection[Typed], *, by: User) -> Mapping[UUID, str]:
    """Return household → why. No more than two queries, none if nobody has 13 digits."""
    asked: dict[bytes, Typed] = {}
    for person in people:
        digits = citizen_id.compact(person.citizen_id)
        if not person.name or len(digits) != 13 or not (digits.isascii() and digits.isdigit()):
            continue
        for near in citizen_id.neighbours(digits):
            for index in citizen_id_indexes(near):
                asked[index] = person
    if not asked:
        return {}
    holders = Member.objects.present().filter(
        citizen_id_index__in=list(asked), household__in=Household.objects.visible_to(by)
    )
    return {
        holder.household_id: f"เลขประจำตัวต่างจากของ {holder.full_name} เพียงหลักเดียวหรือสลับหลักกัน"
        for holder in holders.defer("citizen_id")
        if _alike(asked[bytes(holder.citizen_id_index or b"")], holder)
    }


def _alike(person: Typed, holder: Member) -> bool:
    name = f"{holder.first_name} {holder.last_name}"
    return same_person_name(person.name, name) or likeness(person.name, name) >= _ALIKE
