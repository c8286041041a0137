from django.urls import path

from fieldwork.views import checking, coverage, working

app_name = "fieldwork"

urlpatterns = [
    path("fieldwork/", working.home, name="home"),
    path("fieldwork/assign/", working.assign, name="assign"),
    path("fieldwork/villages/<str:code>/", working.village, name="village"),
    path("fieldwork/villages/<str:code>/assign/", working.assign_single, name="village-assign"),
    path("fieldwork/villages/<str:code>/print/", working.village_print, name="village-print"),
    path("fieldwork/people/<uuid:pk>/", working.worker, name="worker"),
    path("fieldwork/people/<uuid:pk>/hand-over/", working.hand_over, name="hand-over"),
    path("fieldwork/back-checks/", checking.back_checks, name="back-checks"),
    path("fieldwork/back-checks/draw/", checking.draw, name="draw"),
    path("fieldwork/back-checks/share/", checking.share, name="share"),
    path("fieldwork/back-checks/appoint/", checking.appoint, name="appoint"),
    path("fieldwork/back-checks/<uuid:pk>/", checking.second_visit, name="second-visit"),
    path("fieldwork/back-checks/<uuid:pk>/settle/", checking.settle, name="settle"),
    path("fieldwork/coverage/", coverage.coverage, name="coverage"),
]
