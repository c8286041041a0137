"""Every address of the API; each app keeps its own api.py."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from accounts import api as accounts_api
from api import views
from api.idempotency import idempotent
from areas import api as areas_api
from casework import api as casework_api
from households import api as households_api

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
    path("token/", accounts_api.token, name="token"),
    path("tokens/", accounts_api.tokens, name="tokens"),
    path("tokens/<uuid:pk>/", accounts_api.token_detail, name="token-detail"),
    path("me/", accounts_api.me, name="me"),
    path("areas/", areas_api.collection, name="areas"),
    path("households/", idempotent(casework_api.collection), name="households"),
    path("households/search/", casework_api.search, name="households-search"),
    path("households/<uuid:pk>/", households_api.detail, name="household"),
    path(
        "households/<uuid:pk>/verifications/",
        idempotent(households_api.verifications),
        name="household-verifications",
    ),
    path("households/<uuid:pk>/exits/", idempotent(households_api.exits), name="household-exits"),
    path("exits/<uuid:pk>/approve/", idempotent(households_api.approve_exit), name="exit-approve"),
    path("exits/<uuid:pk>/reject/", idempotent(households_api.reject_exit), name="exit-reject"),
    re_path(r"^.*$", views.not_found, name="not-found"),
]
