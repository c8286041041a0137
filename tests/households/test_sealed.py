from households.models import Exit, Household, Member, Verification
from ppaos.orm import SealedTextField


def test_what_would_harm_somebody_is_sealed() -> None:
    for model, name in (
        (Member, "citizen_id"),
        (Household, "phone"),
        (Verification, "reason"),
        (Verification, "note"),
        (Exit, "note"),
    ):
        assert isinstance(model._meta.get_field(name), SealedTextField)
