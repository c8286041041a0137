from django.urls import path

from households.views import (
    consenting,
    editing,
    moving,
    parting,
    protecting,
    registering,
    relapses,
    revealing,
    verifying,
)

app_name = "households"

urlpatterns = [
    path("households/new/twins/", registering.twins, name="twins"),
    path("households/new/<uuid:search_pk>/", registering.register, name="register"),
    path("households/<uuid:pk>/verify/", verifying.verify, name="verify"),
    path(
        "households/<uuid:pk>/verifications/<uuid:verification_pk>/retract/",
        verifying.retract,
        name="retract",
    ),
    path(
        "households/<uuid:pk>/verifications/<uuid:verification_pk>/photos/<uuid:photo_pk>/",
        verifying.photo,
        name="photo",
    ),
    path("exits/relapses/", relapses.relapses, name="relapses"),
    path("exits/<uuid:pk>/relapse/", relapses.relapse, name="relapse"),
    path("households/<uuid:pk>/consent/", consenting.consent, name="consent"),
    path("households/<uuid:pk>/edit/", editing.edit, name="edit"),
    path("households/<uuid:pk>/members/new/", editing.member_add, name="member-add"),
    path(
        "households/<uuid:pk>/members/<uuid:member_pk>/edit/",
        editing.member_edit,
        name="member-edit",
    ),
    path(
        "households/<uuid:pk>/members/<uuid:member_pk>/left/",
        editing.member_left,
        name="member-left",
    ),
    path(
        "households/<uuid:pk>/members/<uuid:member_pk>/reveal/",
        revealing.reveal,
        name="reveal",
    ),
    # ---- moves and changes
    path("households/moves/", moving.incoming, name="incoming"),
    path("households/moves/<uuid:pk>/accept/", moving.accept, name="move-accept"),
    path("households/moves/<uuid:pk>/refuse/", moving.refuse, name="move-refuse"),
    path("households/<uuid:pk>/move/", moving.move, name="move"),
    path("households/<uuid:pk>/moves/", moving.moves, name="moves"),
    path("households/<uuid:pk>/moves/<uuid:move_pk>/undo/", moving.undo, name="move-undo"),
    path(
        "households/<uuid:pk>/moves/<uuid:move_pk>/withdraw/",
        moving.withdraw,
        name="move-withdraw",
    ),
    path("households/<uuid:pk>/part/", parting.part, name="part"),
    path("households/<uuid:pk>/parted/<uuid:move_pk>/undo/", parting.undo, name="part-undo"),
    path(
        "households/<uuid:pk>/members/<uuid:member_pk>/returned/",
        parting.member_returned,
        name="member-returned",
    ),
    path("households/<uuid:pk>/members/<uuid:member_pk>/birth/", parting.birth, name="birth"),
    # ---- who must not be found, and what is announced about areas
    path("households/protected/", protecting.protected, name="protected"),
    path("households/<uuid:pk>/protection/", protecting.protection, name="protection"),
    path("households/<uuid:pk>/protection/end/", protecting.unprotect, name="unprotect"),
    path(
        "households/<uuid:pk>/protection/<uuid:access_pk>/end/",
        protecting.end_access,
        name="access-end",
    ),
    path("settings/area-changes/", protecting.area_changes, name="area-changes"),
]
