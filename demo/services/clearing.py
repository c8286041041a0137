"""Take the demo province away, and keep what is not of it: reference data and the trail."""

from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from accounts.services import remove_demo_accounts
from areas.models import Area, AreaChange, AreaFigure, Origin
from audit.services import record
from casework.models import StoredQuery
from dashboards.models import DashboardCell, DashboardRun
from files.models import StoredFile
from households.models import Household, Verification
from imports.models import ImportBatch
from problems.models import IndicatorResult, Problem
from quality.models import Exemption, QualityCell, QualityDay, QualityRun
from referrals.models import (
    Assistance,
    AssistancePhoto,
    OutcomeCheck,
    Referral,
    ReferralEvent,
    ReferralSeries,
)
from slf.models import Assessment, AssessmentRevision, ListedCapitals, LivelihoodProfile

# Whole apps whose every row tells of a household or of a file, and single models of others.
_APPS = (
    "households",
    "fieldwork",
    "duplicates",
    "plans",
    "imports",
    "files",
    "jobs",
    "forums",
    "dashboards",
)
_MODELS: tuple[type[Model], ...] = (
    StoredQuery,
    AreaChange,
    AreaFigure,
    Problem,
    Problem.members.through,
    IndicatorResult,
    Assessment,
    AssessmentRevision,
    LivelihoodProfile,
    ListedCapitals,
    Referral,
    ReferralEvent,
    ReferralSeries,
    Assistance,
    AssistancePhoto,
    OutcomeCheck,
    DashboardCell,
    DashboardRun,
    Exemption,
    QualityCell,
    QualityDay,
    QualityRun,
)


class UnableToClear(Exception):
    """Nothing is taken away. The message is for the operator."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was taken away."""

    accounts: int
    households: int
    batches: int


@transaction.atomic
def clear_demo(*, at: datetime) -> Cleared:
    """Delete the demo province's households, lists and files, and close its accounts.

    Areas, questionnaires and thresholds stay, and so does every audit event; areas that
    the demo list taught go. Raises UnableToClear if there is no demo, or if somebody who
    is not a demo account has imported or recorded something.
    """
    if not User.objects.filter(is_demo=True).exists():
        raise UnableToClear("ไม่มีข้อมูลตัวอย่างในระบบนี้")
    if real := _work_of_real_people():
        raise UnableToClear(
            f"มีข้อมูลที่บัญชีจริงบันทึกไว้ {real:,} รายการปนอยู่กับข้อมูลตัวอย่าง จึงไม่ล้างให้ "
            "สำรองข้อมูลแล้วติดตั้งใหม่ด้วย PPAOS_DEMO=0"
        )
    households, batches = Household.objects.count(), ImportBatch.objects.count()
    _empty()
    _forget_learnt_areas()
    accounts = remove_demo_accounts(at=at)
    record(
        event="demo.cleared",
        by=None,
        at=at,
        detail={"households": households, "batches": batches, "accounts": accounts},
    )
    return Cleared(accounts=accounts, households=households, batches=batches)


def _work_of_real_people() -> int:
    return (
        ImportBatch.objects.exclude(uploaded_by__is_demo=True).count()
        + Verification.objects.exclude(recorded_by__is_demo=True).count()
        + Assessment.objects.exclude(assessed_by__is_demo=True).count()
        + Referral.objects.exclude(created_by__is_demo=True).count()
        + StoredFile.objects.exclude(created_by__is_demo=True).count()
    )


def _empty() -> None:
    """Empty the tables in one statement; it fails if a table that is not named points at one."""
    models = [
        model
        for name in _APPS
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    models += [model for model in _MODELS if model not in models]
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    # PostgreSQL empties no table while a foreign key of this transaction is still to be checked.
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables}")


def _forget_learnt_areas() -> None:
    """Delete learnt areas, the smallest first, unless a scope or an agency stands on them."""
    for length in (8, 6, 4, 2):
        learnt = Area.objects.filter(origin=Origin.LEARNT, code_length=length)
        for model in apps.get_models():
            for field in model._meta.fields:
                if field.related_model is Area and model is not Area:
                    used = model._base_manager.exclude(**{field.name: None}).values(field.attname)
                    learnt = learnt.exclude(pk__in=used)
        learnt.exclude(children__isnull=False).delete()
