from django.urls import path

from referrals.views import exits, helping, lists, moving, referring, rules, waiting
from referrals.workflow import Action

app_name = "referrals"

urlpatterns = [
    path("households/<uuid:pk>/refer/", referring.refer, name="refer"),
    path("referrals/", lists.referrals, name="referrals"),
    path("referrals/waiting/", waiting.waiting, name="waiting"),
    path("referrals/<uuid:pk>/assistance/", helping.assistance, name="assistance"),
    path(
        "referrals/<uuid:pk>/assistance/<uuid:assistance_pk>/retract/",
        helping.retract,
        name="assistance-retract",
    ),
    path("referrals/<uuid:pk>/photos/<uuid:photo_pk>/", helping.photo, name="photo"),
    # One address for each row of the table of moves.
    *(
        path(
            f"referrals/<uuid:pk>/{action.value}/",
            moving.move,
            {"action": action},
            name=action.value,
        )
        for action in Action
    ),
    path("settings/routing/", rules.routing, name="routing"),
    path("settings/routing/<uuid:pk>/retire/", rules.retire, name="routing-retire"),
    path("settings/sla/", rules.sla, name="sla"),
    path("settings/holidays/", rules.holidays, name="holidays"),
    path("settings/holidays/remove/", rules.remove_holiday, name="holiday-remove"),
    path("exits/", exits.exits, name="exits"),
    path("exits/<uuid:pk>/", exits.exit_page, name="exit"),
    path("exits/<uuid:pk>/approve/", exits.approve, name="exit-approve"),
    path("exits/<uuid:pk>/reject/", exits.reject, name="exit-reject"),
    path("exits/<uuid:pk>/withdraw/", exits.withdraw, name="exit-withdraw"),
    path("exits/<uuid:pk>/revoke/", exits.revoke, name="exit-revoke"),
    path("households/<uuid:pk>/graduate/", exits.graduate, name="graduate"),
    path("households/<uuid:pk>/exits/new/", exits.exit_new, name="exit-new"),
]
