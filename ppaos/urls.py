from django.contrib import admin
from django.urls import include, path

from ppaos.web import health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("offline/", views.offline, name="offline"),
    path("settings/components/", views.components, name="components"),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
]

handler429 = "accounts.limits.too_many_requests"
