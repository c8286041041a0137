"""Cells of the register's list."""

from django import template

from casework.filters import Column
from households.models import Household

register = template.Library()


@register.filter
def cell(household: Household, column: Column) -> str:
    return column.text(household)
