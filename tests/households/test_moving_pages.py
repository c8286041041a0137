"""From an office that asks to the one that accepts, through the pages."""

from django.test import Client

from accounts.models import User
from accounts.roles import Role
from households.models import Household, HouseholdMove, Member
from tests.factories import NEXT_SUBDISTRICT, PROVINCE, make_household, make_member, make_user


def test_a_household_goes_to_another_province_when_that_accepts(
    client: Client, district: User
) -> None:
    household = make_household()
    make_member(household, is_head=True, first_name="สมหวัง")
    receiver = make_user(Role.DISTRICT_OFFICER, "3101")
    client.force_login(district)
    address = f"/households/{household.pk}/move/"
    typed = {
        "reason": "moved",
        "elsewhere": "ในเมือง",
        "house_no": "7",
        "moved_on": "20/11/2569",
        "version": household.version,
    }
    page = client.post(address, typed).content.decode()
    assert "รหัส 300101" in page
    assert "รหัส 310101" in page
    asked = client.post(address, typed | {"elsewhere": "ในเมือง บุรีรัมย์"}, follow=True)
    assert "รอพื้นที่ปลายทางรับ" in asked.content.decode()

    client.force_login(receiver)
    assert "สมหวัง" in client.get("/households/moves/").content.decode()
    move = HouseholdMove.objects.get()
    accepted = client.post(f"/households/moves/{move.pk}/accept/", follow=True)
    assert accepted.status_code == 200
    household.refresh_from_db()
    assert household.area_id == "310101"
    client.force_login(district)
    assert client.get(f"/households/{household.pk}/moves/").status_code == 404


def test_what_no_page_sends_is_answered_and_breaks_nothing(client: Client, district: User) -> None:
    household = make_household()
    make_member(household, is_head=True)
    son = make_member(household)
    client.force_login(district)
    moved = {"reason": "moved", "house_no": "7", "moved_on": "20/11/2569", "version": 1}
    client.post(f"/households/{household.pk}/move/", moved | {"subdistrict": NEXT_SUBDISTRICT})
    undo = f"/households/{household.pk}/moves/{HouseholdMove.objects.get().pk}/undo/"
    for version in ("²", "9" * 5_000):
        assert "มีผู้แก้ไข" in client.post(undo, {"version": version}, follow=True).content.decode()
    part = {"members": [son.pk], "to_code": "30329000001/²", "moved_on": "20/11/2569", "version": 1}
    page = client.post(f"/households/{household.pk}/part/", part).content.decode()
    assert "ไม่พบครัวเรือนรหัสนี้" in page

    asked = {"elsewhere": "310101", "version": 2, **{k: moved[k] for k in ("reason", "house_no")}}
    client.post(f"/households/{household.pk}/move/", asked | {"moved_on": "20/11/2569"})
    waiting = HouseholdMove.objects.asked().get()
    client.force_login(make_user(Role.DISTRICT_OFFICER, "3101"))
    client.post(f"/households/moves/{waiting.pk}/refuse/", {"reason": "ไม่\0รับ" * 100})
    waiting.refresh_from_db()
    assert waiting.decided_reason == ("ไม่รับ" * 100)[:300]


def test_people_split_off_and_come_back_through_the_page(client: Client, district: User) -> None:
    household, host = make_household(), make_household(area_id=NEXT_SUBDISTRICT)
    make_member(household, is_head=True)
    son, wife = make_member(household), make_member(household)
    client.force_login(district)
    address = f"/households/{household.pk}/part/"
    typed = {"moved_on": "20/11/2569", "version": household.version}
    page = client.post(address, typed | {"members": [son.pk]}).content.decode()
    assert "เลือกหัวหน้าของครัวเรือนใหม่" in page
    split = {
        "members": [son.pk],
        "head": son.pk,
        "subdistrict": NEXT_SUBDISTRICT,
        "house_no": "9/ก",
    }
    assert client.post(address, typed | split).status_code == 302
    assert Household.objects.get(house_no="9/ก").members.get().citizen_id == son.citizen_id
    household.refresh_from_db()
    joined = typed | {
        "members": [wife.pk],
        "to_code": host.house_code,
        "version": household.version,
    }
    assert client.post(address, joined).status_code == 302
    assert Member.objects.present().filter(household=host).count() == 1
    shown = client.get(f"/households/{household.pk}/moves/").content.decode()
    assert "แยกออกเป็นครัวเรือนใหม่" in shown
    assert "ย้ายออกไปอยู่ครัวเรือนอื่น" in shown


def test_who_protects_names_a_colleague_who_alone_opens_the_file(
    client: Client, province: User, surveyor: User
) -> None:
    household = make_household(house_no="99/โพรง")
    address = f"/households/{household.pk}/protection/"
    client.force_login(province)
    client.post(address, {"reason": "มีผู้ตามหา"})
    other = make_user(Role.PROVINCE_OFFICER, PROVINCE)
    client.force_login(other)
    assert "โพรง" not in client.get(address).content.decode()
    assert client.get(f"/households/{household.pk}/").status_code == 404
    named = {"username": surveyor.username, "reason": "ดูแลประจำ", "valid_until": ""}
    assert client.post(address, named).status_code == 302
    client.force_login(surveyor)
    page = client.get(f"/households/{household.pk}/").content.decode()
    assert "โพรง" in page


def test_a_changed_code_is_recorded_on_its_page(client: Client, province: User) -> None:
    household = make_household()
    client.force_login(province)
    typed = {
        "on": "20/11/2569",
        "reason": "ประกาศ",
        "lines": "303201 303209 ช้างใหม่\n303202 303202 ท่าใหม่",
    }
    shown = client.post("/settings/area-changes/", typed, follow=True).content.decode()
    assert "ช้างใหม่" in shown
    assert "ท่าใหม่" in shown
    household.refresh_from_db()
    assert household.area_id == "30320901"
