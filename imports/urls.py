from django.urls import path

from imports.services.templates import TEMPLATES
from imports.views import (
    deciding,
    fixing,
    following,
    history,
    looking,
    mapping,
    moving,
    preview,
    provenance,
)

app_name = "imports"

urlpatterns = [
    path("imports/", history.imports, name="imports"),
    *(
        path(
            f"imports/templates/{key}.xlsx",
            history.template,
            {"key": key},
            name=f"template-{key}",
        )
        for key in TEMPLATES
    ),
    path("households/<uuid:pk>/sources/", provenance.provenance, name="provenance"),
    path("imports/<uuid:pk>/", preview.detail, name="detail"),
    path("imports/<uuid:pk>/progress/", following.progress, name="progress"),
    path("imports/<uuid:pk>/file/", following.original, name="original"),
    path("imports/<uuid:pk>/rows/", preview.rows, name="rows"),
    path("imports/<uuid:pk>/rows/<int:number>/", deciding.row, name="row"),
    path("imports/<uuid:pk>/fix/", fixing.fix, name="fix"),
    path("imports/<uuid:pk>/decide/", fixing.decide, name="decide"),
    path("imports/<uuid:pk>/corrections/", fixing.corrections, name="corrections"),
    path("imports/<uuid:pk>/duplicates/", looking.duplicates, name="duplicates"),
    path("imports/<uuid:pk>/changes/", looking.changes, name="changes"),
    path("imports/<uuid:pk>/errors.xlsx", preview.errors, name="errors"),
    path("imports/<uuid:pk>/mapping/", mapping.mapping, name="mapping"),
    path("imports/<uuid:pk>/mapping/preview/", mapping.mapping_preview, name="mapping-preview"),
    path("imports/<uuid:pk>/areas/", deciding.confirm_area, name="confirm-area"),
    path("imports/<uuid:pk>/apply/", moving.apply, name="apply"),
    path("imports/<uuid:pk>/approve/", moving.approve, name="approve"),
    path("imports/<uuid:pk>/undo/", moving.undo, name="undo"),
    path("imports/<uuid:pk>/cancel/", moving.cancel, name="cancel"),
]
