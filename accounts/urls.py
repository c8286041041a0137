"""Signing in (django-allauth's names), one's own account, and the settings.

Only what is used of django-allauth is routed: nobody signs up and no e-mail is sent.
"""

from allauth.account import views as sign_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import include, path
from django.views.decorators.http import require_http_methods, require_safe

from accounts import views

# Their form views would take a PUT for a POST.
_form = require_http_methods(["GET", "HEAD", "POST"])

_sign_in = [
    path("login/", _form(sign_in.login), name="account_login"),
    path("logout/", _form(sign_in.logout), name="account_logout"),
    path("reauthenticate/", _form(sign_in.reauthenticate), name="account_reauthenticate"),
    path("code/", _form(second_factor.authenticate), name="mfa_authenticate"),
    path("code/again/", _form(second_factor.reauthenticate), name="mfa_reauthenticate"),
]
_own_allauth = [
    path("password/", _form(sign_in.password_change), name="account_change_password"),
    path("sessions/", _form(sessions.list_usersessions), name="usersessions_list"),
    path("second-factor/", require_safe(second_factor.index), name="mfa_index"),
    path("second-factor/app/", _form(totp.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/remove/", _form(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-factor/codes/",
        require_safe(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/codes/generate/",
        _form(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
]
_own = [
    path("account/", views.own.account, name="account"),
    path("account/tokens/", views.own.tokens, name="tokens"),
    path("account/tokens/<uuid:pk>/revoke/", views.own.revoke_token, name="token-revoke"),
    path("settings/", views.settings.index, name="settings"),
    path("settings/roles/", views.settings.roles, name="roles"),
    path("settings/users/", views.users.collection, name="users"),
    path("settings/users/new/", views.users.new, name="user-new"),
    path("settings/users/<uuid:pk>/", views.users.detail, name="user"),
    path("settings/users/<uuid:pk>/edit/", views.users.edit, name="user-edit"),
    path("settings/users/<uuid:pk>/grant/", views.users.grant, name="scope-grant"),
    path(
        "settings/users/<uuid:pk>/reset-password/",
        views.users.reset_password,
        name="password-reset",
    ),
    path("settings/users/<uuid:pk>/deactivate/", views.users.deactivate, name="user-deactivate"),
    path("settings/users/<uuid:pk>/reactivate/", views.users.reactivate, name="user-reactivate"),
    path("settings/scopes/<uuid:pk>/revoke/", views.users.revoke, name="scope-revoke"),
    path("settings/agencies/", views.agencies.collection, name="agencies"),
    path("settings/agencies/new/", views.agencies.new, name="agency-new"),
    path("settings/agencies/<uuid:pk>/", views.agencies.edit, name="agency-edit"),
    path("settings/audit/", views.audit.collection, name="audit"),
]
urlpatterns = [
    path("accounts/", include(_sign_in)),
    path("account/", include(_own_allauth)),
    path("", include((_own, "accounts"))),
]
