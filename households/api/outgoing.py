"""What the API tells of a household."""

from rest_framework import serializers

from households.models import Exit, Household, Member, SourceListing, Verification
from ppaos.lib import citizen_id


class MemberOut(serializers.ModelSerializer[Member]):
    citizen_id = serializers.SerializerMethodField(help_text="ปิดบัง เช่น 1-xxxx-xxxxx-23-4")

    class Meta:
        model = Member
        fields = [
            "id",
            "seq",
            "is_head",
            "citizen_id",
            "title",
            "first_name",
            "last_name",
            "birth_date",
            "birth_year",
            "sex",
            "relation",
            "residence",
            "left_on",
            "version",
        ]

    def get_citizen_id(self, member: Member) -> str | None:
        return citizen_id.mask(member.citizen_id) if member.citizen_id else None


class ListingOut(serializers.ModelSerializer[SourceListing]):
    class Meta:
        model = SourceListing
        fields = [
            "source",
            "year_be",
            "member",
            "bmn_year_be",
            "welfare_year_be",
            "is_mpi_poor",
            "is_registered",
            "has_welfare_card",
        ]


class VerificationOut(serializers.ModelSerializer[Verification]):
    reason = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)
    recorded_by = serializers.CharField(source="recorded_by.username")

    class Meta:
        model = Verification
        fields = [
            "id",
            "outcome",
            "visited_on",
            "reason",
            "note",
            "recorded_at",
            "recorded_by",
            "retracted_at",
            "retracted_reason",
        ]


class ExitOut(serializers.ModelSerializer[Exit]):
    class Meta:
        model = Exit
        fields = [
            "id",
            "reason",
            "state",
            "proposed_at",
            "decided_at",
            "rule_version",
            "relapse_check_on",
            "revoked_at",
        ]


class HouseholdBrief(serializers.ModelSerializer[Household]):
    """A household in a list."""

    area = serializers.CharField(source="area_id")
    moo = serializers.IntegerField(allow_null=True)
    head = serializers.SerializerMethodField()
    member_count = serializers.SerializerMethodField()

    class Meta:
        model = Household
        fields = [
            "id",
            "house_code",
            "temporary_code",
            "seq",
            "house_no",
            "moo",
            "village_name",
            "area",
            "subdistrict_code",
            "stage",
            "stage_date",
            "head",
            "member_count",
        ]

    def get_head(self, household: Household) -> str | None:
        people: list[Member] = household.present_members  # type: ignore[attr-defined]
        return people[0].full_name if people else None

    def get_member_count(self, household: Household) -> int:
        return len(household.present_members)  # type: ignore[attr-defined]


class HouseholdOut(serializers.ModelSerializer[Household]):
    """Everything this app knows of a household."""

    area = serializers.CharField(source="area_id")
    moo = serializers.IntegerField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    members = MemberOut(source="all_members", many=True)
    listings = ListingOut(source="all_listings", many=True)
    verifications = VerificationOut(source="all_verifications", many=True)
    exits = ExitOut(source="all_exits", many=True)

    class Meta:
        model = Household
        fields = [
            "id",
            "house_code",
            "temporary_code",
            "seq",
            "house_no",
            "moo",
            "village_name",
            "soi",
            "road",
            "area",
            "province_code",
            "district_code",
            "subdistrict_code",
            "lat",
            "lon",
            "phone",
            "stage",
            "stage_date",
            "consent",
            "consent_date",
            "version",
            "members",
            "listings",
            "verifications",
            "exits",
        ]
