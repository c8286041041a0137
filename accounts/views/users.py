"""Accounts and scopes, for the administrators of an area."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import services
from accounts.forms import NewUserForm, ReasonForm, ScopeForm, UserForm, UserSearchForm
from accounts.models import Scope, User
from accounts.permissions import can_manage_others, check_can_manage_others, check_has_anywhere
from accounts.roles import Permission
from ppaos.web.page_links import page_links
from ppaos.web.paging import keyset_page
from ppaos.web.request import AuthenticatedHttpRequest

PAGE_SIZE = 50
SETTINGS = {"label": "ตั้งค่า", "url": "/settings/"}
USERS = {"label": "ผู้ใช้และสิทธิ", "url": "/settings/users/"}


@require_safe
@login_required
def collection(request: AuthenticatedHttpRequest) -> HttpResponse:
    """List the people of one's area, by user name; found by part of a name."""
    check_has_anywhere(request.user, Permission.USERS_MANAGE)
    form = UserSearchForm(request.GET)
    people = User.objects.visible_to(request.user)
    if form.is_valid() and form.cleaned_data["q"]:
        people = people.matching(form.cleaned_data["q"])
    page = keyset_page(
        people.for_list(localdate()),
        order=("username", "pk"),
        cursor=request.GET.get("cursor"),
        size=PAGE_SIZE,
    )
    context = {"form": form, "page": page, "crumbs": [SETTINGS]} | page_links(request, page)
    return render(request, "accounts/users.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make an account; the answer shows its one-time password, this once."""
    check_has_anywhere(request.user, Permission.USERS_MANAGE)
    form = NewUserForm(request.POST or None, by=request.user, today=localdate())
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_user(**form.cleaned_data, by=request.user, at=now())
        except (services.UnableToChangeUser, services.UnableToGrant) as error:
            form.add_error(error.field or None, str(error))
        else:
            return _show_password(request, made.user, made.password, title="เพิ่มผู้ใช้แล้ว")
    context = {"form": form, "crumbs": [SETTINGS, USERS]}
    return render(request, "accounts/user_new.html", context)


@require_safe
@login_required
def detail(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    return _detail(request, _get(request, pk))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    person = _get(request, pk)
    check_can_manage_others(request.user, person)
    initial = {"name": person.name, "email": person.email}
    form = UserForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.update_user(user=person, **form.cleaned_data, by=request.user, at=now())
        messages.success(request, "บันทึกแล้ว")
        return redirect("accounts:user", person.pk)
    context = {"person": person, "form": form, "crumbs": [SETTINGS, USERS, _crumb(person)]}
    return render(request, "accounts/user_edit.html", context)


@require_POST
@login_required
def grant(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    person = _get(request, pk)
    form = ScopeForm(request.POST, by=request.user, today=localdate())
    if form.is_valid():
        try:
            services.grant_scope(user=person, **form.cleaned_data, by=request.user, at=now())
        except services.UnableToGrant as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, "ให้สิทธิแล้ว")
            return redirect("accounts:user", person.pk)
    return _detail(request, person, form=form, status=400)


@require_POST
@login_required
def revoke(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    scope = get_object_or_404(Scope.objects.visible_to(request.user).select_related("user"), pk=pk)
    try:
        services.revoke_scope(scope=scope, by=request.user, at=now())
    except services.UnableToGrant as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "เพิกถอนสิทธิแล้ว")
    return redirect("accounts:user", scope.user_id)


@require_POST
@login_required
def reset_password(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Give a new one-time password; the answer shows it, this once."""
    person = _get(request, pk)
    password = services.reset_password(user=person, by=request.user, at=now())
    return _show_password(request, person, password, title="ออกรหัสผ่านใหม่แล้ว")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def deactivate(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, then close the account."""
    person = _get(request, pk)
    check_can_manage_others(request.user, person)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.deactivate_user(
                user=person, reason=form.cleaned_data["reason"], by=request.user, at=now()
            )
        except services.UnableToChangeUser as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "ระงับบัญชีแล้ว")
        return redirect("accounts:user", person.pk)
    context = {"person": person, "form": form, "crumbs": [SETTINGS, USERS, _crumb(person)]}
    return render(request, "accounts/user_deactivate.html", context)


@require_POST
@login_required
def reactivate(request: AuthenticatedHttpRequest, pk: UUID) -> HttpResponse:
    person = _get(request, pk)
    try:
        services.reactivate_user(user=person, by=request.user, at=now())
    except services.UnableToChangeUser as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "เปิดใช้บัญชีแล้ว")
    return redirect("accounts:user", person.pk)


def _get(request: AuthenticatedHttpRequest, pk: UUID) -> User:
    return get_object_or_404(User.objects.visible_to(request.user), pk=pk)


def _detail(
    request: AuthenticatedHttpRequest,
    person: User,
    *,
    form: ScopeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_change = can_manage_others(request.user, person)
    scopes = Scope.objects.visible_to(request.user).filter(user=person).for_list()
    today = localdate()
    context: dict[str, Any] = {
        "person": person,
        "scopes": [(scope, scope.state_on(today)) for scope in scopes],
        "may_change": may_change,
        "may_grant": person.pk != request.user.pk and person.is_active,
        "form": form or ScopeForm(by=request.user, today=today),
        "crumbs": [SETTINGS, USERS],
    }
    return render(request, "accounts/user.html", context, status=status)


def _show_password(
    request: AuthenticatedHttpRequest, person: User, password: str, *, title: str
) -> HttpResponse:
    context = {
        "title": title,
        "person": person,
        "password": password,
        "crumbs": [SETTINGS, USERS, _crumb(person)],
    }
    return render(request, "accounts/one_time_password.html", context)


def _crumb(person: User) -> dict[str, str]:
    return {"label": person.username, "url": f"/settings/users/{person.pk}/"}
