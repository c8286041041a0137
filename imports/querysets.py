import re
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.permissions import area_prefixes
from accounts.roles import Permission
from imports.workflow import BUSY, OVER, Decision, Severity, Verdict

if TYPE_CHECKING:
    from imports.models import ImportBatch, ImportRow, RowIssue


class BatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: User | AnonymousUser) -> "BatchQuerySet":
        """Narrow to imports whose whole area this person may import into or approve."""
        prefixes = {
            *area_prefixes(user, Permission.IMPORT),
            *area_prefixes(user, Permission.IMPORT_APPROVE),
        }
        if not prefixes:
            return self.none()
        one = rf"({'|'.join(map(re.escape, sorted(prefixes)))})[0-9]*"
        joined = Func(
            F("scope_codes"), Value(","), function="array_to_string", output_field=TextField()
        )
        return self.alias(scope_text=joined).filter(scope_text__regex=rf"^{one}(,{one})*$")

    def standing(self) -> "BatchQuerySet":
        """Narrow to imports that are in the register or on their way."""
        return self.exclude(state__in=sorted(OVER))

    def busy(self) -> "BatchQuerySet":
        return self.filter(state__in=sorted(BUSY))

    def narrowed(
        self, *, source: str = "", year_be: int | None = None, state: str = "", person: str = ""
    ) -> "BatchQuerySet":
        """Narrow as the history asks; `person` is the key of whoever sent the file."""
        wanted = {"source": source, "year_be": year_be, "state": state, "uploaded_by": person}
        return self.filter(**{name: value for name, value in wanted.items() if value})

    def for_list(self) -> "BatchQuerySet":
        return self.select_related("file", "uploaded_by").order_by("-uploaded_at", "-pk")


class RowQuerySet(models.QuerySet["ImportRow"]):
    def with_sealed(self) -> "RowQuerySet":
        """Add `sealed_payload`, wherever it stands, and the line under which it was sealed."""
        kept = self.model.objects.filter(batch=OuterRef("kept_in"), row=OuterRef("kept_row"))
        return self.annotate(
            sealed_payload=Case(
                When(payload=b"", kept_in__isnull=False, then=Subquery(kept.values("payload")[:1])),
                default=F("payload"),
            ),
            sealed_in=Coalesce("kept_in", "batch_id"),
            sealed_row=Coalesce("kept_row", "row"),
        )

    def _fetch_all(self) -> None:
        """Bring the payloads that stand in lines of other imports along, in one query."""
        is_fresh = self._result_cache is None
        super()._fetch_all()
        if is_fresh:
            self._bring_payloads()

    def _bring_payloads(self) -> None:
        rows = [
            row
            for row in self._result_cache or ()
            if isinstance(row, self.model)
            and row.__dict__.get("kept_in") is not None
            and row.__dict__.get("payload") == b""
        ]
        if len(rows) < 2:
            return
        kept = self.model.objects.filter(
            batch__in={row.kept_in for row in rows}, row__in={row.kept_row for row in rows}
        )
        found: dict[tuple[object, object], bytes | memoryview] = {
            (batch_id, row): payload
            for batch_id, row, payload in kept.values_list("batch_id", "row", "payload")
        }
        for row in rows:
            row.payload = found.get((row.kept_in, row.kept_row), b"")

    def after(self, row: int) -> "RowQuerySet":
        return self.filter(row__gt=row)

    def for_page(
        self, *, verdict: str = "", code: str = "", action: str = "", row: int | None = None
    ) -> "RowQuerySet":
        """Narrow as a page or the API asks, in the order of the sheet."""
        rows = self
        if verdict:
            rows = rows.filter(verdict=verdict)
        if code:
            rows = rows.filter(codes__contains=[code])
        if action:
            rows = rows.filter(action=action)
        if row is not None:
            rows = rows.filter(row=row)
        return rows.order_by("row")

    def waiting(self) -> "RowQuerySet":
        """Narrow to lines that a person must decide and nobody has."""
        return self.filter(verdict=Verdict.HELD)

    def to_mend(self, *, code: str = "") -> "RowQuerySet":
        """Narrow to lines that are held or rejected, and that nobody has left out."""
        rows = self.with_trouble().exclude(decision=Decision.REJECT)
        return rows.filter(codes__contains=[code]) if code else rows

    def to_apply(self) -> "RowQuerySet":
        """Narrow to lines that may go into the register and are not in it."""
        return self.filter(verdict=Verdict.ACCEPTED, is_applied=False)

    def with_trouble(self) -> "RowQuerySet":
        """Narrow to the lines that the error workbook gives back."""
        return self.filter(verdict__in=[Verdict.HELD, Verdict.REJECTED])


class IssueQuerySet(models.QuerySet["RowIssue"]):
    def for_page(self, *, code: str = "", after: tuple[int, int] = (0, 0)) -> "IssueQuerySet":
        """Narrow to one code, past the keyset (row, id), in the order of the sheet."""
        issues = self.filter(code=code) if code else self
        row, pk = after
        return issues.filter(Q(row__gt=row) | Q(row=row, pk__gt=pk)).order_by("row", "pk")

    def worth_seeing(self) -> "IssueQuerySet":
        """Leave out what was skipped or mended without a question."""
        return self.exclude(severity__in=[Severity.SKIP, Severity.FIX])
