"""Every address of the API; each app keeps its own api.py."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from api import views
from api.idempotency import idempotent
from areas import api as areas_api

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("areas/", areas_api.collection, name="areas"),
    re_path(r"^.*$", views.not_found, name="not-found"),
]
