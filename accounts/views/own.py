"""What a person sees and does about their own account."""

from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.models import ApiToken, Scope
from ppaos.web.request import AuthenticatedHttpRequest


@require_safe
@login_required
def account(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Show what the person may do where, and lead to password, second factor and sessions."""
    scopes = Scope.objects.filter(user=request.user).in_force(localdate()).for_list()
    context = {
        "scopes": scopes,
        "tokens": _live_tokens(request),
        "has_second_factor": get_mfa_adapter().is_mfa_enabled(request.user),
    }
    return render(request, "accounts/account.html", context)


@require_POST
@login_required
def tokens(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Make a key and show it, this once: a redirect could not carry it."""
    try:
        issued = services.issue_token(user=request.user, by=request.user, at=now())
    except services.UnableToIssue as error:
        messages.error(request, str(error))
        return redirect("accounts:account")
    return render(request, "accounts/token_new.html", {"issued": issued})


@require_POST
@login_required
def revoke_token(request: AuthenticatedHttpRequest, pk: object) -> HttpResponse:
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    services.revoke_token(token=token, by=request.user, at=now())
    messages.success(request, "เพิกถอนกุญแจ API แล้ว")
    return redirect("accounts:account")


def _live_tokens(request: AuthenticatedHttpRequest) -> list[ApiToken]:
    live = ApiToken.objects.visible_to(request.user).live(now())
    return list(live.order_by("-created_at", "pk"))
