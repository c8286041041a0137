from django.urls import path

from imports.profiles import SOURCES
from imports.views import deciding, following, history, moving, preview

app_name = "imports"

urlpatterns = [
    path("imports/", history.imports, name="imports"),
    *(
        path(
            f"imports/templates/{source}.xlsx",
            history.template,
            {"source": source},
            name=f"template-{source}",
        )
        for source in SOURCES
    ),
    path("imports/<uuid:pk>/", preview.detail, name="detail"),
    path("imports/<uuid:pk>/progress/", following.progress, name="progress"),
    path("imports/<uuid:pk>/file/", following.original, name="original"),
    path("imports/<uuid:pk>/rows/", preview.rows, name="rows"),
    path("imports/<uuid:pk>/rows/<int:number>/", deciding.row, name="row"),
    path("imports/<uuid:pk>/errors.xlsx", preview.errors, name="errors"),
    path("imports/<uuid:pk>/mapping/", deciding.mapping, name="mapping"),
    path("imports/<uuid:pk>/areas/", deciding.confirm_area, name="confirm-area"),
    path("imports/<uuid:pk>/apply/", moving.apply, name="apply"),
    path("imports/<uuid:pk>/approve/", moving.approve, name="approve"),
    path("imports/<uuid:pk>/undo/", moving.undo, name="undo"),
    path("imports/<uuid:pk>/cancel/", moving.cancel, name="cancel"),
]
