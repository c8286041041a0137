"""What programs send about imports."""

from typing import Any

from rest_framework import serializers

from imports.profiles import SOURCES
from imports.workflow import Decision, Verdict, row_of
from ppaos.web.api_paging import PageQuery

MOST_ROWS = row_of(200, 1 << 20)
"""The number of the last line of the last sheet that a file can have."""


class ImportIn(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=255)
    # A field of this name hides DRF's own attribute, which its metaclass allows.
    source = serializers.ChoiceField(choices=sorted(SOURCES))  # type: ignore[assignment]
    year_be = serializers.IntegerField(min_value=2500, max_value=2699)
    mapping = serializers.JSONField(
        required=False,
        help_text='{"คอลัมน์มาตรฐาน": "หัวตารางในไฟล์"} หรือทุกอย่างที่ /mapping/ รับ',
    )
    reimport_reason = serializers.CharField(max_length=300, required=False, allow_blank=True)
    comment = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate_mapping(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise serializers.ValidationError("ต้องเป็นวัตถุ JSON")
        return value


MOST_CELLS = 200
"""A file with more columns is refused."""


class MappingIn(serializers.Serializer[Any]):
    """`columns` is the older name of `mapping`. What is left out stays as it is."""

    mapping = serializers.DictField(
        child=serializers.JSONField(),
        allow_empty=False,
        required=False,
        help_text='{"คอลัมน์มาตรฐาน": "หัวตารางในไฟล์ หรือลำดับคอลัมน์เริ่มจาก 0"}',
    )
    columns = serializers.DictField(
        child=serializers.JSONField(), allow_empty=False, required=False
    )
    profile = serializers.CharField(max_length=40, required=False)
    part = serializers.IntegerField(min_value=0, max_value=200, required=False)
    one_is_problem = serializers.BooleanField(required=False)
    one_is_passed = serializers.BooleanField(required=False)
    sheet = serializers.CharField(max_length=100, required=False)
    sheets = serializers.ListField(child=serializers.CharField(max_length=100), required=False)
    header_line = serializers.IntegerField(min_value=1, required=False)
    encoding = serializers.CharField(max_length=20, required=False)
    delimiter = serializers.CharField(max_length=1, required=False, trim_whitespace=False)
    hidden_rows = serializers.ChoiceField(choices=["take", "skip"], required=False)
    merged = serializers.ChoiceField(choices=["reject", "fill_down"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("ระบุ mapping หรือวิธีอ่านอย่างน้อยหนึ่งอย่าง")
        return attrs


class AreasIn(serializers.Serializer[Any]):
    codes = serializers.ListField(
        child=serializers.RegexField(r"^([0-9]{4}|[0-9]{6})$"), allow_empty=False, max_length=500
    )


class CellsIn(serializers.DictField):
    """Column → text, no more than a line can have."""

    default_error_messages = {"too_many": "มีค่ามากกว่าที่แถวหนึ่งจะมีได้"}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, dict) and len(data) > MOST_CELLS:
            self.fail("too_many")
        return super().to_internal_value(data)


class DecisionIn(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices())
    values = CellsIn(child=serializers.CharField(max_length=500, allow_blank=True), required=False)
    member = serializers.UUIDField(
        required=False, help_text="เป็นคนเดียวกับสมาชิกรายนี้ ใช้กับ accept ของแถวที่อาจซ้ำ"
    )
    is_new_person = serializers.BooleanField(
        default=False, help_text="เป็นคนใหม่ ใช้กับ accept ของแถวที่อาจซ้ำ"
    )


class CorrectionsIn(serializers.Serializer[Any]):
    file = serializers.FileField(max_length=255)


class IssueQuery(PageQuery):
    code = serializers.CharField(max_length=24, required=False)


class RowQuery(PageQuery):
    row = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, required=False)
    verdict = serializers.ChoiceField(choices=Verdict.choices(), required=False)
    code = serializers.CharField(max_length=24, required=False)
