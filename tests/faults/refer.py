"""Refer a problem to the standing agency: `python -m tests.faults.refer`; prints the referral."""

import sys

import django

django.setup()

from django.utils.timezone import localdate, now  # noqa: E402

from accounts.models import Agency, User  # noqa: E402
from households.models import SourceListing  # noqa: E402
from households.workflow import Stage  # noqa: E402
from problems.rules import ProblemCode  # noqa: E402
from problems.workflow import Origin  # noqa: E402
from referrals.services import refer_problem  # noqa: E402
from slf.services import open_problem  # noqa: E402
from tests.factories import make_household  # noqa: E402
from tests.faults.crew import REFERRED_FROM  # noqa: E402


def main() -> None:
    district = User.objects.get(username="district")
    household = make_household(
        area_id=REFERRED_FROM, house_code="30320999999", stage=Stage.VERIFIED_POOR
    )
    SourceListing.objects.create(household=household, source="tpmap", year_be=2567)
    problem = open_problem(
        household=household,
        code=ProblemCode.HOME_UNFIT,
        origin=Origin.FIELD,
        opened_on=localdate(),
        by=User.objects.get(username="province"),
        at=now(),
    )
    agency = Agency.objects.get(code="psd-30")
    referral = refer_problem(problem=problem, agency=agency, by=district, at=now())
    sys.stdout.write(str(referral.pk))


if __name__ == "__main__":
    main()
