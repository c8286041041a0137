"""The same rows into the same tables with django-import-export, as a project would use it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import tablib
from import_export.resources import ModelResource

from accounts.models import User
from benchmarks import floors
from benchmarks.lists import YEAR_BE
from benchmarks.report import seconds
from households.models import Household, Member, SourceListing
from households.services import identity_columns
from imports.apply.lines import LINE_COLUMNS, Line, lines_of, member_values
from imports.apply.results import LISTED_CODES
from imports.models import ImportBatch
from imports.workflow import Verdict
from problems.models import IndicatorResult, IndicatorSet, Problem, ProblemMember
from problems.rules import DIMENSIONS
from problems.workflow import Origin

_COLUMNS = (
    *("household", "seq", "is_head", "citizen_id", "citizen_id_index", "key_version"),
    *("title", "first_name", "last_name", "name_key", "birth_date", "birth_year", "sex"),
    *("province_code",),
)


# django-import-export carries no types.
class PersonResource(ModelResource):  # type: ignore[misc]
    """One line: the household if it is new, the person, the listing, the result, the problems.

    Everything that costs time without being needed is off: no difference for a
    preview, no report of skipped rows.
    """

    class Meta:
        model = Member
        fields = _COLUMNS
        import_id_fields = ("citizen_id_index",)
        skip_diff = True
        report_skipped = False
        use_transactions = True

    def __init__(self, *, by: User, today: date) -> None:
        super().__init__()
        self.by = by
        self.today = today
        self.form = IndicatorSet.objects.filter(size__gte=38).order_by("year_from").first()

    def before_import_row(self, row: dict[str, Any], **_: Any) -> None:
        line: Line = row["line"]
        household, is_new = Household.objects.get_or_create(
            house_code=line.house_code,
            seq=line.house_seq,
            defaults={
                "house_no": line.text("house_no"),
                "village_name": line.text("village_name"),
                "area_id": line.area_code,
                "stage_date": self.today,
            },
        )
        said = member_values(line)
        derived = identity_columns(
            first_name=said["first_name"],
            last_name=said.get("last_name", ""),
            citizen_id=line.citizen_id,
            area_code=household.area_id,
        )
        row.update({**said, **asdict(derived), "citizen_id": line.citizen_id})
        row["household"] = household.pk
        row["seq"] = household.members.count() + 1
        row["is_head"] = is_new

    def after_save_instance(self, instance: Member, row: dict[str, Any], **_: Any) -> None:
        line: Line = row["line"]
        key: dict[str, Any] = {"source": "tpmap", "year_be": YEAR_BE, "member": instance}
        SourceListing.objects.update_or_create(
            **key,
            defaults={
                "household_id": instance.household_id,
                "is_mpi_poor": line.dimensions.failed > 0,
                "has_welfare_card": line.values.get("welfare_card"),
            },
        )
        IndicatorResult.objects.update_or_create(
            **key,
            defaults={
                "indicator_set": self.form,
                "known_bits": line.indicators.known_bits,
                "passed_bits": line.indicators.passed_bits,
                "dimension_known_bits": line.dimensions.known,
                "dimension_failed_bits": line.dimensions.failed,
            },
        )
        for dimension in DIMENSIONS:
            if line.dimensions.failed & dimension.bit:
                problem, _is_new = Problem.objects.get_or_create(
                    household_id=instance.household_id,
                    dimension=dimension.value,
                    status="open",
                    defaults={
                        "code": LISTED_CODES[dimension].value,
                        "origin": Origin.LISTING.value,
                        "opened_on": self.today,
                        "opened_by": self.by,
                    },
                )
                ProblemMember.objects.get_or_create(problem=problem, member=instance)


def new_lines(batch: ImportBatch) -> list[Line]:
    """Return the batch's accepted lines that have all that the resource needs."""
    rows = batch.rows.filter(verdict=Verdict.ACCEPTED).order_by("row")
    return [
        line
        for line in lines_of(rows.with_sealed().values_list(*LINE_COLUMNS))
        if line.house_code and line.citizen_id
    ]


def measure(lines: Iterable[Line], *, by: User, today: date) -> tuple[float, Mapping[str, int]]:
    """Import the lines into empty tables; return the seconds and the rows of each table."""
    lines = list(lines)
    data = tablib.Dataset(headers=["line", *_COLUMNS])
    for line in lines:
        data.append([line, *[""] * len(_COLUMNS)])
    resource = PersonResource(by=by, today=today)

    def work() -> None:
        found = resource.import_data(data, dry_run=False, raise_errors=True)
        assert found.totals["new"] == len(lines), found.totals

    took = seconds(work)
    return took, {name: content.count(b"\n") for name, content in floors.dump_register().items()}
