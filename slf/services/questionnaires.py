"""A new version of a questionnaire: copied, mended as a draft, put into use."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from audit.services import record
from slf import permissions
from slf.models import Choice, Item, Questionnaire
from slf.workflow import QuestionnaireStatus


class UnableToActivate(Exception):
    """The version cannot be put into use. The message is for the user."""


@transaction.atomic
def copy_questionnaire(*, questionnaire: Questionnaire, by: User, at: datetime) -> Questionnaire:
    """Return a draft of the next version with the same questions. Raises PermissionDenied."""
    permissions.check_can_set_up(by)
    versions = Questionnaire.objects.filter(code=questionnaire.code)
    newest = versions.aggregate(newest=Max("version"))["newest"]
    copy = Questionnaire.objects.create(
        code=questionnaire.code,
        version=newest + 1,
        title=questionnaire.title,
        nonfarm=questionnaire.nonfarm,
        minimum_ratio=questionnaire.minimum_ratio,
    )
    for item in questionnaire.items.prefetch_related("choices").order_by("position"):
        copied = Item.objects.create(
            questionnaire=copy,
            position=item.position,
            code=item.code,
            capital=item.capital,
            scope=item.scope,
            question=item.question,
            method=item.method,
            who=item.who,
            age_min=item.age_min,
            age_max=item.age_max,
            weight=item.weight,
        )
        Choice.objects.bulk_create(
            Choice(item=copied, level=choice.level, text=choice.text)
            for choice in item.choices.all()
        )
    _tell("questionnaire.copied", copy, by=by, at=at)
    return copy


@transaction.atomic
def activate_questionnaire(*, questionnaire: Questionnaire, by: User, at: datetime) -> None:
    """Put a draft into use and retire the version in use; results keep the one they name.

    Raises PermissionDenied, and UnableToActivate unless it is a draft with the questions
    of a version in use.
    """
    permissions.check_can_set_up(by)
    versions = Questionnaire.objects.select_for_update().filter(code=questionnaire.code)
    current = {row.pk: row for row in versions}[questionnaire.pk]
    if current.status != QuestionnaireStatus.DRAFT:
        raise UnableToActivate(f"{current} ไม่ได้เป็นร่าง ให้ทำสำเนาเป็นร่างก่อน")
    if not current.items.exists():
        raise UnableToActivate(f"{current} ยังไม่มีข้อคำถาม")
    versions.filter(status=QuestionnaireStatus.ACTIVE).update(status=QuestionnaireStatus.RETIRED)
    current.status = QuestionnaireStatus.ACTIVE
    current.save(update_fields=["status"])
    _tell("questionnaire.activated", current, by=by, at=at)


def _tell(event: str, questionnaire: Questionnaire, *, by: User, at: datetime) -> None:
    record(
        event=event,
        subject=questionnaire,
        by=by,
        at=at,
        detail={"code": questionnaire.code, "version": questionnaire.version},
    )
