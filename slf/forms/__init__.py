"""What is typed on the pages of this app. Rules are the services'; here strings become answers."""

from slf.forms.acts import OverrideForm, ProblemForm, ReasonForm, ResolveForm, StartForm
from slf.forms.capital import CapitalForm, PersonPart

__all__ = [
    "CapitalForm",
    "OverrideForm",
    "PersonPart",
    "ProblemForm",
    "ReasonForm",
    "ResolveForm",
    "StartForm",
]
