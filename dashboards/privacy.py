"""Which columns tell something about a person: none, but small counts may, so they are hidden."""

PERSONAL: dict[str, set[str]] = {}

OPEN: dict[str, set[str]] = {
    "DashboardCell": {"id", "area_code", "year_be", "measure", "value"},
    "DashboardRun": {"id", "counted_at", "through_year_be", "checked_at", "differences"},
}
