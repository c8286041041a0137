"""Makes the lines of a list out of people: one for each, for each household, problem or area."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from imports.management.samples.facts import ITEMS, Told
from imports.management.samples.people import DIMENSIONS, Person


def _households(people: Sequence[Person]) -> list[list[Person]]:
    found: list[list[Person]] = []
    for person in people:
        if not found or found[-1][0].household != person.household:
            found.append([])
        found[-1].append(person)
    return found


def _problems(members: Sequence[Person]) -> tuple[str, ...]:
    return tuple(name for name in DIMENSIONS if any(name in each.problems for each in members))


def a_line_each(people: Sequence[Person]) -> list[Told]:
    return [
        Told(
            index=person.index,
            household=person.household,
            person=person,
            members=len(members),
            number=0,
            is_alone=person.is_alone,
            is_last_member=person.is_last_member,
            problems=tuple(name for name in DIMENSIONS if name in person.problems)
            or ("dim_income",),
        )
        for members in _households(people)
        for person in members
    ]


def numbered(people: Sequence[Person]) -> list[Told]:
    """Number the people of each household."""
    seats: dict[int, int] = {}
    found = []
    for line in a_line_each(people):
        number = seats.get(line.household, 0)
        seats[line.household] = number + 1
        found.append(replace(line, number=number))
    return found


def a_line_each_household(people: Sequence[Person]) -> list[Told]:
    return [
        Told(index, index, members[0], members=len(members), problems=_problems(members))
        for index, members in enumerate(_households(people))
    ]


def a_line_each_problem(people: Sequence[Person]) -> list[Told]:
    lines: list[Told] = []
    for household, members in enumerate(_households(people)):
        problems = _problems(members)
        for number in range(len(problems)):
            lines.append(
                Told(
                    index=len(lines),
                    household=household,
                    person=members[0],
                    members=len(members),
                    number=number,
                    is_alone=len(problems) == 1,
                    is_last_member=number == len(problems) - 1,
                    problems=problems,
                )
            )
    return lines


def a_line_each_area(people: Sequence[Person]) -> list[Told]:
    """Return a line for each subdistrict in which somebody lives."""
    first = {person.place.code: person for person in reversed(people)}
    return [
        Told(index, index, first[code], problems=("dim_income",))
        for index, code in enumerate(sorted(first))
    ]


def a_line_each_year(people: Sequence[Person]) -> list[Told]:
    """Return the areas' lines of ten years, the latest last."""
    areas = a_line_each_area(people)
    years = range(9, -1, -1)
    return _counted(
        replace(area, person=replace(area.person, year_be=area.person.year_be - back))
        for back in years
        for area in areas
    )


def a_line_each_item(people: Sequence[Person]) -> list[Told]:
    return _counted(
        replace(line, number=number) for line in a_line_each_year(people) for number in range(ITEMS)
    )


def _counted(lines: Iterable[Told]) -> list[Told]:
    return [replace(line, index=index, household=index) for index, line in enumerate(lines)]
