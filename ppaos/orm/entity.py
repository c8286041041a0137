"""The base of every domain row."""

from django.db import models

from ppaos.orm.keys import uuid7


class Entity(models.Model):
    """A row with a UUIDv7 key that exists before the row does."""

    id = models.UUIDField("รหัส", primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True
