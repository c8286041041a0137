from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from ppaos.web import health, views

# Its own sign-in page would know no limits and no second factor; its own page for
# passwords would count no tries, record nothing and leave keys of programs alive.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("offline/", views.offline, name="offline"),
    path("settings/components/", views.components, name="components"),
    path("", include("accounts.urls")),
    path("", include("casework.urls")),
    path("", include("dashboards.urls")),
    path("", include("forums.urls")),
    path("", include("fieldwork.urls")),
    path("", include("duplicates.urls")),
    path("", include("plans.urls")),
    path("", include("quality.urls")),
    path("", include("reconciliation.urls")),
    path("", include("households.urls")),
    path("", include("imports.urls")),
    path("", include("problems.urls")),
    path("", include("referrals.urls")),
    path("", include("slf.urls")),
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout"), name="admin-logout"),
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="admin-password-change",
    ),
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
]

handler429 = "accounts.limits.too_many_requests"
