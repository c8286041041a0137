from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import area_prefixes
from accounts.roles import Permission
from households import permissions, services
from households.forms import MOST_MEMBERS, MemberFormSet, Members, RegisterForm
from households.services import MemberDraft
from households.views.finding import add_errors
from ppaos.lib.thai_text import clean
from ppaos.web.request import AuthenticatedHttpRequest


@require_http_methods(["GET", "POST"])
@login_required
def register(request: AuthenticatedHttpRequest, search_pk: UUID) -> HttpResponse:
    """Take a household that no list has, after it was looked for."""
    permissions.check_can_add(request.user)
    if not services.was_searched(search_pk, by=request.user, at=now()):
        messages.error(request, "ค้นหาก่อนเพิ่มครัวเรือน การค้นหาเดิมใช้ได้ 24 ชั่วโมง")
        return redirect("casework:new")
    if request.method == "POST" and "add-member" in request.POST:
        return _with_one_more(request, search_pk)

    form, members = _forms(request, request.POST or None)
    head = _head(request.POST, len(members))
    if form.is_valid() and members.is_valid():
        drafts = _drafts(members, head=head)
        twins = _twins(request, drafts, area_code=form.cleaned_data["area_code"])
        if twins and not form.cleaned_data["not_a_twin"]:
            form.add_error("not_a_twin", "มีครัวเรือนที่คล้ายกันอยู่แล้ว ตรวจดูก่อนเพิ่ม")
            return _page(request, search_pk, form, members, head=head, twins=twins)
        try:
            household = services.register_household(
                draft=form.draft(draft for _, draft in drafts),
                by=request.user,
                at=now(),
                search_id=search_pk,
            )
        except services.UnableToRegister as error:
            _show_errors(form, members, [number for number, _ in drafts], error)
        else:
            messages.success(request, f"เพิ่มครัวเรือนแล้ว รหัส {household.code} รอสอบทาน")
            return redirect("casework:case-file", household.pk)

    return _page(request, search_pk, form, members, head=head)


def _forms(
    request: AuthenticatedHttpRequest, data: QueryDict | None
) -> tuple[RegisterForm, Members]:
    prefixes = area_prefixes(request.user, Permission.HOUSEHOLD_CREATE)
    form = RegisterForm(data, prefixes=prefixes, initial={"consent_date": localdate()})
    return form, MemberFormSet(data, prefix="members")


def _with_one_more(request: AuthenticatedHttpRequest, search_pk: UUID) -> HttpResponse:
    """Show the form again as it is, with one more person; nothing is checked yet."""
    data = request.POST.copy()
    shown = data.get("members-TOTAL_FORMS", "")
    total = min(int(shown) + 1 if _is_small_number(shown) else 1, MOST_MEMBERS)
    data["members-TOTAL_FORMS"] = str(total)
    form, members = _forms(request, None)
    form.initial = {name: data.get(name, "") for name in form.fields}
    # Not as the formset's initial data: that would make the forms count as kept rows.
    members.extra = total - 1
    for number, person in enumerate(members.forms):
        person.initial = {name: data.get(f"members-{number}-{name}", "") for name in person.fields}
    return _page(request, search_pk, form, members, head=_head(data, total), grown=True)


def _head(data: QueryDict, total: int) -> int:
    """Return which person is the head; the first, unless another was chosen."""
    chosen = data.get("head", "0")
    return int(chosen) if _is_small_number(chosen) and int(chosen) < total else 0


def _is_small_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def _drafts(members: Members, *, head: int) -> list[tuple[int, MemberDraft]]:
    """Return each person that was filled in, with the number of their form."""
    return [
        (number, form.draft(is_head=number == head))
        for number, form in enumerate(members)
        if form.has_changed()
    ]


def _twins(
    request: AuthenticatedHttpRequest, drafts: list[tuple[int, MemberDraft]], *, area_code: str
) -> list[Any]:
    return services.twins_of(
        people=[
            services.Typed(draft.first_name, draft.last_name, draft.citizen_id or "")
            for _, draft in drafts
        ],
        area_code=area_code,
        by=request.user,
    )


def _show_errors(
    form: RegisterForm,
    members: Members,
    numbers: list[int],
    error: services.UnableToRegister,
) -> None:
    """Put `members.1.citizen_id` beside that field of the right person."""
    above: dict[str, list[str]] = {}
    for name, texts in error.fields.items():
        if name.startswith("members."):
            _, index, field = name.split(".")
            add_errors(members.forms[numbers[int(index)]], {field: texts})
        else:
            above[name] = texts
    add_errors(form, above)
    if not above:
        form.add_error(None, str(error))


def _page(
    request: AuthenticatedHttpRequest,
    search_pk: UUID,
    form: RegisterForm,
    members: Members,
    *,
    head: int,
    twins: list[Any] | None = None,
    grown: bool = False,
) -> HttpResponse:
    return render(
        request,
        "households/register.html",
        {
            "form": form,
            "members": members,
            "head": head,
            "twins": twins or [],
            "search_pk": search_pk,
            "can_grow": len(members) < MOST_MEMBERS,
            "grown": grown,
        },
    )


@require_POST
@login_required
def twins(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Warn of likely twins while the form is being filled in."""
    permissions.check_can_add(request.user)
    people = [
        services.Typed(
            # No longer than the form takes: a name is compared with everybody's.
            clean(request.POST.get(f"members-{n}-first_name", "")[:120]),
            clean(request.POST.get(f"members-{n}-last_name", "")[:120]),
            request.POST.get(f"members-{n}-citizen_id", "")[:30],
        )
        for n in range(MOST_MEMBERS)
    ]
    area_code = request.POST.get("subdistrict", "")
    found = (
        services.twins_of(people=people, area_code=area_code, by=request.user)
        if area_code.isascii() and area_code.isdigit() and len(area_code) == 6
        else []
    )
    return render(request, "households/_twins.html", {"twins": found})
