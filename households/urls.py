from django.urls import path

from households.views import consenting, editing, registering, revealing, verifying

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
]
