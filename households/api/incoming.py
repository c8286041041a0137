"""What the API is told of a household."""

from typing import Any

from rest_framework import serializers

from households.workflow import Consent, Residence, Sex
from ppaos.lib import citizen_id, house_code


def checked_citizen_id(value: str | None) -> str | None:
    """Return 13 digits whose last one is right, or None for nobody's; a field's check."""
    if value is None:
        return None
    try:
        return citizen_id.normalise(value)
    except citizen_id.InvalidCitizenId as error:
        raise serializers.ValidationError(str(error)) from None


class MemberIn(serializers.Serializer[Any]):
    citizen_id = serializers.CharField(max_length=40, allow_null=True)
    no_id_reason = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title = serializers.CharField(max_length=40, allow_blank=True)
    first_name = serializers.CharField(max_length=120)
    last_name = serializers.CharField(max_length=120, allow_blank=True)
    birth_date = serializers.DateField(allow_null=True)
    sex = serializers.ChoiceField(choices=Sex.choices(), allow_blank=True)
    relation = serializers.CharField(max_length=60, required=False, allow_blank=True)
    residence = serializers.ChoiceField(choices=Residence.choices(), required=False)
    is_head = serializers.BooleanField()

    def validate_citizen_id(self, value: str | None) -> str | None:
        return checked_citizen_id(value)


class _Place(serializers.Serializer[Any]):
    house_no = serializers.CharField(max_length=40, allow_blank=True)
    moo = serializers.IntegerField(min_value=0, max_value=99, allow_null=True)
    subdistrict_code = serializers.RegexField(r"^[0-9]{6}$")
    village_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    lat = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)
    lon = serializers.DecimalField(max_digits=9, decimal_places=6, required=False, allow_null=True)
    phone = serializers.RegexField(r"^[0-9+() -]{0,30}$", required=False, allow_blank=True)


class HouseholdIn(_Place):
    consent = serializers.ChoiceField(choices=Consent.choices())
    consent_date = serializers.DateField(required=False, allow_null=True)
    house_code = serializers.CharField(max_length=20, allow_null=True)
    shares_house = serializers.BooleanField(required=False)
    members = serializers.ListField(child=MemberIn(), min_length=1, max_length=60)
    reason = serializers.CharField(max_length=500)

    def validate_house_code(self, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return house_code.normalise(value)
        except house_code.InvalidHouseCode as error:
            raise serializers.ValidationError(str(error)) from None


_ONLY_ON_ITS_PAGE = "บันทึกคำตอบเรื่องความยินยอมที่หน้าความยินยอมของครัวเรือน พร้อมผู้ให้คำตอบและฐานทางกฎหมาย"


class HouseholdPatch(_Place):
    version = serializers.IntegerField(min_value=1, max_value=2_147_483_647)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for name, field in fields.items():
            field.required = name == "version"
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse an answer about consent, which is kept with who gave it, and on what ground."""
        asked = self.initial_data.keys() & {"consent", "consent_date"}
        if asked:
            raise serializers.ValidationError({name: [_ONLY_ON_ITS_PAGE] for name in sorted(asked)})
        return attrs
