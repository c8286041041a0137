"""Which columns tell something about a person, and which do not."""

PERSONAL: dict[str, set[str]] = {"Exemption": {"reason"}}

OPEN: dict[str, set[str]] = {
    "RuleSetting": {"id", "province", "rule", "is_on", "threshold", "set_at", "set_by"},
    "Exemption": {
        "id",
        "rule",
        "household",
        "subject",
        "subject_version",
        "made_at",
        "made_by",
        "ended_at",
        "ended_by",
    },
    "QualityCell": {"id", "area_code", "rule", "recorder", "found"},
    "QualityDay": {"id", "area_code", "day", "rule", "found"},
    "QualityRun": {"id", "counted_at", "whole_at", "seen"},
}
