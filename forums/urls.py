from django.urls import path

from forums.views import agenda, holding, listing, planning, resolving
from forums.workflow import Action

app_name = "forums"

urlpatterns = [
    path("forums/", listing.forums, name="forums"),
    path("forums/new/", planning.new, name="new"),
    path("forums/resolutions/", listing.resolutions, name="resolutions"),
    path("forums/resolutions/<uuid:pk>/", resolving.resolution, name="resolution"),
    # One address for each row of the table of moves.
    *(
        path(
            f"forums/resolutions/<uuid:pk>/{action.value}/",
            resolving.move,
            {"action": action},
            name=f"resolution-{action.value}",
        )
        for action in Action
    ),
    path("forums/<uuid:pk>/", listing.detail, name="detail"),
    path("forums/<uuid:pk>/print/", listing.agenda_print, name="print"),
    path("forums/<uuid:pk>/edit/", planning.edit, name="edit"),
    path("forums/<uuid:pk>/cancel/", planning.cancel, name="cancel"),
    path("forums/<uuid:pk>/hold/", holding.hold, name="hold"),
    path("forums/<uuid:pk>/agenda/", agenda.agenda, name="agenda"),
    path("forums/<uuid:pk>/agenda/add/", agenda.add, name="item-add"),
    path("forums/<uuid:pk>/agenda/<uuid:item_pk>/move/", agenda.move, name="item-move"),
    path("forums/<uuid:pk>/agenda/<uuid:item_pk>/remove/", agenda.remove, name="item-remove"),
    path("forums/<uuid:pk>/agenda/<uuid:item_pk>/discuss/", holding.discuss, name="discuss"),
    path("forums/<uuid:pk>/agenda/<uuid:item_pk>/resolve/", resolving.resolve, name="resolve"),
]
