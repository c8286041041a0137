"""What every test may ask for."""

from tests.people import (
    admin,
    agency,
    agency_officer,
    areas,
    district,
    next_surveyor,
    officer,
    outsider,
    province,
    reader,
    stranger,
    surveyor,
    viewer,
)

__all__ = [
    "admin",
    "agency",
    "agency_officer",
    "areas",
    "district",
    "next_surveyor",
    "officer",
    "outsider",
    "province",
    "reader",
    "stranger",
    "surveyor",
    "viewer",
]
