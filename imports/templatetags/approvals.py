"""Imports that wait for somebody's approval, for whichever page tells what to do today."""

from typing import Any

from django import template
from django.template import Context

from accounts.permissions import has_anywhere
from accounts.roles import Permission
from imports.services import waiting_for

register = template.Library()


@register.inclusion_tag("imports/_to_approve.html", takes_context=True)
def imports_to_approve(context: Context) -> dict[str, Any]:
    """Show what waits for this person; nothing, and no query, for who approves nowhere."""
    user = context["request"].user
    approves = has_anywhere(user, Permission.IMPORT_APPROVE)
    return {"batches": waiting_for(user) if approves else []}
