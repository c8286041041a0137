"""Bring what is kept of files under the current key: lines, before-images, shown samples."""

import base64

from django.db import transaction
from django.db.models import Func, IntegerField, Value
from django.db.models.functions import Length

from imports.apply.writing import image_context
from imports.models import ImportBatch, ImportChange, ImportRow
from imports.services.heads import samples_context
from ppaos.lib.crypto import key_version
from ppaos.orm import keyring


@transaction.atomic
def reseal_lines(*, batch: int) -> int:
    """Re-seal some lines; return how many. 0: all are current. Safe to repeat."""
    ring = keyring()
    stale = (
        ImportRow.objects.alias(size=Length("payload"))
        .filter(size__gt=0)
        .alias(version=_version_of("payload"))
        .exclude(version=ring.current_version)
    )
    rows = list(stale.select_for_update().order_by("pk")[:batch])
    for row in rows:
        context = row.payload_context
        row.payload = ring.seal(ring.unseal(row.payload, context=context), context=context)
    ImportRow.objects.bulk_update(rows, ["payload"])
    return len(rows)


@transaction.atomic
def reseal_images(*, batch: int) -> int:
    """Re-seal some before-images; return how many. 0: all are current. Safe to repeat."""
    ring = keyring()
    stale = (
        ImportChange.objects.filter(image__isnull=False)
        .alias(version=_version_of("image"))
        .exclude(version=ring.current_version)
    )
    changes = list(stale.select_for_update().order_by("pk")[:batch])
    for change in changes:
        assert change.image is not None
        context = image_context(change.batch_id, change.table, change.pk_value)
        change.image = ring.seal(ring.unseal(change.image, context=context), context=context)
    ImportChange.objects.bulk_update(changes, ["image"])
    return len(changes)


@transaction.atomic
def reseal_samples() -> int:
    """Re-seal the few lines that each import shows for its mapping; return of how many."""
    ring = keyring()
    resealed = 0
    with_samples = ImportBatch.objects.filter(layout__samples__isnull=False)
    for each in with_samples.select_for_update(of=("self",)).order_by("pk"):
        blob = base64.b64decode(each.layout["samples"] or "")
        if not blob or key_version(blob) == ring.current_version:
            continue
        context = samples_context(each.pk)
        sealed = ring.seal(ring.unseal(blob, context=context), context=context)
        each.layout = {**each.layout, "samples": base64.b64encode(sealed).decode()}
        each.save(update_fields=["layout"])
        resealed += 1
    return resealed


def _version_of(column: str) -> Func:
    """The first byte of a sealed cell is the version of its key."""
    return Func(column, Value(0), function="get_byte", output_field=IntegerField())
