"""What programs are told about imports."""

from typing import Any

from rest_framework import serializers

from imports.workflow import Action, Decision, Severity, State, Verdict


class ProgressOut(serializers.Serializer[Any]):
    stage = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField(allow_null=True)
    rows_per_second = serializers.IntegerField(allow_null=True)
    seconds_left = serializers.IntegerField(allow_null=True)
    resumed = serializers.IntegerField()
    queue_place = serializers.IntegerField(allow_null=True)
    waiting_for = serializers.CharField(allow_blank=True)


class ImportOut(serializers.Serializer[Any]):
    """Forecasts before the import is applied, facts after."""

    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=State.choices())
    source = serializers.CharField()  # type: ignore[assignment]
    year_be = serializers.IntegerField()
    sha256 = serializers.CharField()
    rows_read = serializers.IntegerField(allow_null=True)
    accepted = serializers.IntegerField()
    held = serializers.IntegerField()
    rejected = serializers.IntegerField()
    skipped = serializers.IntegerField()
    warned = serializers.IntegerField()
    households_created = serializers.IntegerField()
    households_updated = serializers.IntegerField()
    members_created = serializers.IntegerField()
    members_updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    progress = ProgressOut()
    issues_by_code = serializers.DictField(child=serializers.IntegerField())
    error = serializers.CharField(allow_blank=True)


class StateOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(choices=State.choices())


class IssueOut(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    column = serializers.CharField(allow_blank=True)
    code = serializers.CharField()
    severity = serializers.ChoiceField(choices=Severity.choices())
    raw = serializers.CharField(allow_blank=True)
    value = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class RowOut(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    sheet = serializers.CharField(allow_null=True)
    line = serializers.IntegerField(help_text="บรรทัดที่โปรแกรมตารางแสดงในแผ่นงานนั้น")
    verdict = serializers.ChoiceField(choices=Verdict.choices())
    codes = serializers.ListField(child=serializers.CharField())
    raw = serializers.DictField(child=serializers.CharField(allow_blank=True))
    normalised = serializers.DictField(child=serializers.JSONField(allow_null=True))
    household = serializers.UUIDField(allow_null=True)
    member = serializers.UUIDField(allow_null=True)
    action = serializers.ChoiceField(choices=Action.choices(), allow_blank=True)
    is_applied = serializers.BooleanField()
    decision = serializers.ChoiceField(choices=Decision.choices(), allow_blank=True)
    is_closed = serializers.BooleanField(help_text="ครัวเรือนอยู่นอกสิทธิของท่าน จึงไม่มีค่าของแถว")


class ToldOut(serializers.Serializer[Any]):
    place = serializers.CharField()
    text = serializers.CharField()


class CorrectionsOut(serializers.Serializer[Any]):
    """What became of a workbook of mended lines; the counts are final once it is over."""

    number = serializers.IntegerField()
    is_over = serializers.BooleanField()
    error = serializers.CharField(allow_blank=True)
    mended = serializers.IntegerField()
    still_wrong = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    not_found = serializers.IntegerField()
    told = ToldOut(many=True)
    told_more = serializers.IntegerField()
