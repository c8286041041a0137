"""The members of a household as scoring sees them."""

from datetime import date

from django.db.models import Q

from households.models import Household, Member
from households.workflow import Residence
from slf.scoring import Person


def people_of(household: Household, *, on: date) -> tuple[Person, ...]:
    """Return those who had not left the household by that day, with their age then.

    One query. Who turned out to be another member is counted once. Of a person
    whose birth year alone is known, the birthday counts as passed.
    """
    members = Member.objects.filter(household=household, merged_into__isnull=True).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on)
    )
    return tuple(
        Person(
            key=str(member.pk),
            age=age_of(member, on=on),
            is_resident=member.residence in Residence.living(),
        )
        for member in members.order_by("seq", "pk")
    )


def age_of(member: Member, *, on: date) -> int | None:
    """Return the age in whole years, or None if the birth is unknown or lies ahead."""
    if member.birth_date is not None:
        born = member.birth_date
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    elif member.birth_year is not None:
        age = on.year - member.birth_year
    else:
        return None
    return age if age >= 0 else None
