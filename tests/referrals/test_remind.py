"""Agencies hear once a day how many of their referrals are late: numbers only."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.test import override_settings

from accounts.templatetags.trail import event_in_words
from audit.models import Event
from ppaos.celery import app
from referrals.models import Referral
from referrals.services import remind_overdue
from referrals.services.reminding import REMINDED
from referrals.workflow import Status
from tests.referrals.cases import Cast, make_referral

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)
"""Three days after the last day in time of what was sent on 20 November."""


def reminders() -> list[tuple[str, dict[str, int]]]:
    return list(
        Event.objects.filter(event="referrals.reminded")
        .order_by("pk")
        .values_list("subject_id", "detail")
    )


def test_each_agency_with_late_referrals_is_reminded_once_a_day() -> None:
    late, in_time = Cast(), Cast()
    make_referral(Status.SUBMITTED, cast=late)
    make_referral(Status.RECEIVED, cast=late)
    make_referral(Status.ACCEPTED, cast=in_time)
    make_referral(Status.RETURNED, cast=in_time)
    make_referral(Status.CANCELLED, cast=in_time)

    assert remind_overdue(at=LATE) == 1
    said = [(str(late.agency.pk), {"overdue": 2, "oldest_days": 3})]
    assert reminders() == said
    assert event_in_words(REMINDED) != REMINDED
    assert remind_overdue(at=LATE + timedelta(hours=5)) == 0
    assert reminders() == said
    assert remind_overdue(at=LATE + timedelta(days=1)) == 1
    assert remind_overdue(at=LATE - timedelta(days=4)) == 0, "nothing was late then"


@override_settings(EMAIL_HOST="mail.invalid")
def test_officers_with_an_address_get_numbers_and_nothing_about_people() -> None:
    cast = Cast()
    referral = make_referral(Status.SUBMITTED, cast=cast)
    cast.officer.email = "officer@example.go.th"
    cast.officer.save()
    remind_overdue(at=LATE)
    (message,) = mail.outbox
    assert message.to == ["officer@example.go.th"]
    text = f"{message.subject} {message.body}"
    assert "1 เรื่อง" in text
    for told in (referral.number, str(referral.pk), referral.household.code, cast.officer.name):
        assert told not in text


@pytest.mark.parametrize("unfit", ["no server", "left", "no address"])
def test_no_mail_goes_where_none_can(unfit: str) -> None:
    cast = Cast()
    make_referral(Status.SUBMITTED, cast=cast)
    cast.officer.email = "" if unfit == "no address" else "officer@example.go.th"
    cast.officer.is_active = unfit != "left"
    cast.officer.save()
    with override_settings(EMAIL_HOST="" if unfit == "no server" else "mail.invalid"):
        assert remind_overdue(at=LATE) == 1
    assert mail.outbox == []


@override_settings(
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=1,
    EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
)
def test_a_mail_server_that_is_away_costs_the_mail_only() -> None:
    cast = Cast()
    make_referral(Status.SUBMITTED, cast=cast)
    cast.officer.email = "officer@example.go.th"
    cast.officer.save()
    assert remind_overdue(at=LATE) == 1
    assert len(reminders()) == 1


def test_the_command_and_the_task_do_it_and_the_schedule_names_the_task() -> None:
    make_referral(Status.SUBMITTED)
    Referral.objects.update(due_on="2020-01-01")
    out = StringIO()
    call_command("remind_overdue", stdout=out)
    assert "1 หน่วยงาน" in out.getvalue()
    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "referrals.remind_overdue" in scheduled
    app.loader.import_default_modules()
    app.tasks["referrals.remind_overdue"].run()
    assert len(reminders()) == 1
