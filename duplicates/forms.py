"""What is chosen on the page that puts two side by side. Rules are the services'."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from duplicates.services import MERGED, SURVIVOR, Pairing, Wish
from ppaos.lib.thai_text import clean


class ReasonForm(forms.Form):
    """Why two are merged, parted, or not the same."""

    reason = forms.CharField(
        label="เหตุผล", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])


class MergeForm(ReasonForm):
    survivor = forms.UUIDField(widget=forms.HiddenInput)
    survivor_version = forms.IntegerField(widget=forms.HiddenInput)
    merged_version = forms.IntegerField(widget=forms.HiddenInput)

    def wish(self, data: QueryDict) -> Wish:
        """Return what was chosen; a field without a choice follows the rule."""
        return Wish(
            survivor=self.cleaned_data["survivor"],
            versions=(
                self.cleaned_data["survivor_version"],
                self.cleaned_data["merged_version"],
            ),
            choices=_choices(data, "field-"),
            pairs=_pairs(data),
            reason=self.cleaned_data["reason"],
        )


def _choices(data: QueryDict, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): str(data[name])
        for name in data
        if name.startswith(prefix) and data[name] in (SURVIVOR, MERGED)
    }


def _pairs(data: QueryDict) -> list[Pairing]:
    """Read `who-<member>=<member of the survivor>`, with the choices made for that pair."""
    pairs = []
    for name in data:
        merged = _key(name.removeprefix("who-")) if name.startswith("who-") else None
        survivor = _key(data[name]) if merged else None
        if merged is None or survivor is None:
            continue
        # Choices were made for the pair that was shown; for another one the rule decides.
        was_shown = data.get(f"shown-{merged}") == str(survivor)
        choices = _choices(data, f"of-{merged}-") if was_shown else {}
        pairs.append(Pairing(survivor=survivor, merged=merged, choices=choices))
    return pairs


def _key(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
