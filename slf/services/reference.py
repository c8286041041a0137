"""Questionnaires and bands between their rows and the plain values that scoring takes."""

from django.db import transaction

from slf.instrument import (
    LEVEL_BANDS_V1,
    LEVEL_BANDS_VERSION,
    PD27_V1,
    Band,
    Capital,
    Instrument,
    Method,
    NonFarmRule,
    Scope,
    Who,
)
from slf.instrument import Item as ItemSpec
from slf.models import Choice, Item, LevelBand, Questionnaire
from slf.workflow import QuestionnaireStatus


def active_questionnaire(code: str = PD27_V1.code) -> Questionnaire:
    """Return the version in use; raises Questionnaire.DoesNotExist if none is."""
    return Questionnaire.objects.active().get(code=code)


def instrument_of(questionnaire: Questionnaire) -> Instrument:
    """Return a stored questionnaire as scoring takes it. Two queries unless prefetched."""
    items = sorted(
        questionnaire.items.prefetch_related("choices").all(), key=lambda item: item.position
    )
    return Instrument(
        code=questionnaire.code,
        version=questionnaire.version,
        title=questionnaire.title,
        items=tuple(_item_spec(item) for item in items),
        nonfarm=NonFarmRule(questionnaire.nonfarm),
        minimum_ratio=questionnaire.minimum_ratio,
    )


def _item_spec(item: Item) -> ItemSpec:
    choices = sorted(item.choices.all(), key=lambda choice: choice.level)
    return ItemSpec(
        code=item.code,
        capital=None if item.capital is None else Capital(item.capital),
        scope=Scope(item.scope),
        question=item.question,
        choices=tuple(choice.text for choice in choices),
        method=Method(item.method),
        who=Who(item.who),
        age_min=item.age_min,
        age_max=item.age_max,
        weight=item.weight,
    )


def bands_of(version: int | None = None) -> tuple[int, tuple[Band, ...]]:
    """Return the version asked for, or the newest, and its bands. One query."""
    rows = LevelBand.objects.all() if version else LevelBand.objects.latest_version()
    if version is not None:
        rows = rows.filter(version=version)
    found = list(rows.order_by("level"))
    return found[0].version, tuple(Band(row.level, row.min_score, row.name) for row in found)


@transaction.atomic
def load_reference_data() -> int:
    """Add the questionnaire and bands that the product ships; return how many rows were new.

    Safe to repeat: a version that is there is left as it is, since results name it.
    """
    return _load_questionnaire(PD27_V1) + _load_bands()


def _load_questionnaire(spec: Instrument) -> int:
    has_active = Questionnaire.objects.active().filter(code=spec.code).exists()
    questionnaire, is_new = Questionnaire.objects.get_or_create(
        code=spec.code,
        version=spec.version,
        defaults={
            "title": spec.title,
            "status": QuestionnaireStatus.DRAFT if has_active else QuestionnaireStatus.ACTIVE,
            "nonfarm": spec.nonfarm,
            "minimum_ratio": spec.minimum_ratio,
        },
    )
    if not is_new:
        return 0
    items = Item.objects.bulk_create(
        Item(
            questionnaire=questionnaire,
            position=position,
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
        for position, item in enumerate(spec.items, start=1)
    )
    choices = Choice.objects.bulk_create(
        Choice(item=row, level=level, text=text)
        for row, item in zip(items, spec.items, strict=True)
        for level, text in enumerate(item.choices, start=1)
    )
    return 1 + len(items) + len(choices)


def _load_bands() -> int:
    if LevelBand.objects.filter(version=LEVEL_BANDS_VERSION).exists():
        return 0
    return len(
        LevelBand.objects.bulk_create(
            LevelBand(
                version=LEVEL_BANDS_VERSION,
                level=band.level,
                min_score=band.min_score,
                name=band.name,
            )
            for band in LEVEL_BANDS_V1
        )
    )
