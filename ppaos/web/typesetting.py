"""PDF files set by typst: Thai text in Sarabun, nothing fetched, data never in the markup."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

_FONTS = ("400Regular", "700Bold")


def to_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """Set `template`, a .typ file below templates/, which reads `data` as JSON.

    The data goes in as a value, so that no text of a person can be taken for markup.
    """
    root = Path(settings.BASE_DIR)
    fonts = root / "node_modules/@expo-google-fonts/sarabun"
    made = typst.compile(
        str(root / "templates" / template),
        root=str(root / "templates"),
        font_paths=[str(fonts / weight) for weight in _FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made
