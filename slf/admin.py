"""Questionnaires and bands in the admin site. What has been used is never changed."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.timezone import now

from accounts.admin import ByScope
from accounts.permissions import person
from problems.admin import Reference
from slf import services
from slf.models import Choice, Item, LevelBand, Questionnaire
from slf.workflow import QuestionnaireStatus

if TYPE_CHECKING:
    _ChoiceInline = admin.TabularInline[Choice, Item]
else:
    _ChoiceInline = admin.TabularInline


@admin.register(Questionnaire)
class QuestionnaireAdmin(Reference):
    """A version in use is copied as a draft, the draft mended, and then put in its place."""

    readonly_fields = ("code", "version", "status")
    list_display = ("code", "version", "title", "status")
    ordering = ("code", "-version")
    actions = ("copy_as_draft", "put_into_use")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_draft(obj)

    @admin.action(description="ทำสำเนาเป็นรุ่นใหม่ (ร่าง)", permissions=["view"])
    def copy_as_draft(self, request: HttpRequest, queryset: QuerySet[Questionnaire]) -> None:
        for questionnaire in queryset:
            copy = services.copy_questionnaire(
                questionnaire=questionnaire, by=person(request), at=now()
            )
            self.message_user(request, f"ทำสำเนาเป็น {copy} แล้ว")

    @admin.action(description="ใช้รุ่นนี้แทนรุ่นที่ใช้อยู่", permissions=["view"])
    def put_into_use(self, request: HttpRequest, queryset: QuerySet[Questionnaire]) -> None:
        for questionnaire in queryset:
            try:
                services.activate_questionnaire(
                    questionnaire=questionnaire, by=person(request), at=now()
                )
            except services.UnableToActivate as error:
                self.message_user(request, str(error), messages.ERROR)
            else:
                self.message_user(request, f"ใช้ {questionnaire} แล้ว ผลเดิมไม่เปลี่ยน")


class ChoiceInline(_ChoiceInline):
    model = Choice
    fields = ("level", "text")
    readonly_fields = ("level",)
    ordering = ("level",)
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and _is_draft(obj.questionnaire)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True


@admin.register(Item)
class ItemAdmin(Reference):
    """What a question says and weighs; what it computes is the program's."""

    readonly_fields = ("questionnaire", "position", "code", "capital", "scope", "method", "who")
    list_display = ("questionnaire", "code", "question", "capital", "weight")
    list_filter = ("questionnaire", "capital")
    list_select_related = ("questionnaire",)
    ordering = ("questionnaire__code", "-questionnaire__version", "position")
    inlines = (ChoiceInline,)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_draft = obj is None or _is_draft(obj.questionnaire)
        return super().has_change_permission(request, obj) and is_draft


@admin.register(LevelBand)
class LevelBandAdmin(ByScope):
    list_display = ("version", "level", "min_score", "name")
    ordering = ("-version", "level")


def _is_draft(obj: Any) -> bool:
    return obj is None or obj.status == QuestionnaireStatus.DRAFT
