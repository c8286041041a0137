"""What the stories rely on: a page with a planted fault is not taken for one in order."""

from collections.abc import Callable

import pytest

from ppaos.lib import citizen_id
from tests.journeys.visit import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def entrance(visit: Callable[..., Visit]) -> Visit:
    window = visit()
    window.page.goto("/accounts/login/")
    return window


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        ("document.body.setAttribute('style', 'color: red')", "style-src"),
        ("document.body.append(document.createElement('img'))", "image-alt"),
        ("void setTimeout(() => { throw new Error('planted') })", "planted"),
        ("document.body.append(Object.assign(document.createElement('i'), {width: 0}))", ""),
    ],
    ids=["blocked style", "image without words", "broken script", "nothing wrong"],
)
def test_a_planted_fault_is_seen(entrance: Visit, plant: str, complaint: str) -> None:
    entrance.page.evaluate(plant)

    if not complaint:
        entrance.look(plant)
        return
    with pytest.raises(AssertionError, match=complaint):
        entrance.look(plant)


@pytest.mark.parametrize(
    "address",
    [
        f"/households/?q={citizen_id.generate(9_300_001)}",
        f"/households/?q={citizen_id.display(citizen_id.generate(9_300_001))}",
        "/households/?q=สมศรี",
        "/households/?phone=0819997701",
    ],
)
def test_a_person_in_an_address_is_seen(entrance: Visit, address: str) -> None:
    entrance.page.goto(address)

    with pytest.raises(AssertionError):
        entrance.look("households")


def test_an_id_of_ours_in_an_address_is_no_person(entrance: Visit) -> None:
    entrance.page.goto("/accounts/login/?next=/households/01a1fa61-0426-73fe-8d74-123456789012/")

    entrance.look("login")
