"""Writing the Area tree, and telling the aggregation that something changed."""

from collections.abc import Iterable

from areas.models import AreaChange


def mark_changed(*, area_codes: Iterable[str], year_be: int | None = None) -> None:
    """Note, in the caller's transaction, that counts of these areas are stale."""
    AreaChange.objects.bulk_create(
        AreaChange(area_id=code, year_be=year_be) for code in sorted(set(area_codes))
    )
