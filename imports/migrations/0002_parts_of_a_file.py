from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_OF_THE_TABLE = ("sheet", "header_line", "headers", "guess", "is_certain", "questions")


def put_into_parts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Describe the one table of each earlier file as the first of its parts."""
    for batch in apps.get_model("imports", "ImportBatch").objects.all():
        if batch.mapping:
            batch.mapping = [_with_profile(batch.mapping)]
        if "headers" in batch.layout:
            table = {key: batch.layout.pop(key) for key in _OF_THE_TABLE}
            table["guess"] = _with_profile(table["guess"])
            # The sample lines were for mapping the columns only; their new form is another.
            batch.layout |= {
                "other_sheets": [],
                "samples": "",
                "parts": [table | {"lines_counted": batch.lines_counted or 0}],
            }
        batch.save(update_fields=["mapping", "layout"])


def _with_profile(mapping: dict[str, Any]) -> dict[str, Any]:
    source = mapping.pop("source")
    return {"profile": source, **mapping}


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial")]

    operations = [migrations.RunPython(put_into_parts, migrations.RunPython.noop)]
