"""Every address of the API; each app keeps its own api.py."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from accounts import api as accounts_api
from api import views
from api.idempotency import idempotent
from areas import api as areas_api
from casework import api as casework_api
from dashboards import api as dashboards_api
from duplicates import api as duplicates_api
from fieldwork import api as fieldwork_api
from forums import api as forums_api
from households import api as households_api
from imports import api as imports_api
from plans import api as plans_api
from problems import api as problems_api
from quality import api as quality_api
from reconciliation import api as reconciliation_api
from referrals import api as referrals_api
from referrals.api import exits as exits_api
from slf import api as slf_api

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("token/", accounts_api.token, name="token"),
    path("tokens/", accounts_api.tokens, name="tokens"),
    path("tokens/<uuid:pk>/", accounts_api.token_detail, name="token-detail"),
    path("me/", accounts_api.me, name="me"),
    path("agencies/", accounts_api.agencies, name="agencies"),
    path("areas/", areas_api.collection, name="areas"),
    path("duplicates/", duplicates_api.collection, name="duplicates"),
    path(
        "duplicates/<uuid:pk>/distinct/",
        idempotent(duplicates_api.distinct),
        name="duplicate-distinct",
    ),
    path("duplicates/<uuid:pk>/merge/", idempotent(duplicates_api.merge), name="duplicate-merge"),
    path("merges/<uuid:pk>/undo/", idempotent(duplicates_api.undo), name="merge-undo"),
    path("households/", idempotent(casework_api.collection), name="households"),
    path("households/search/", casework_api.search, name="households-search"),
    path("households/<uuid:pk>/", households_api.detail, name="household"),
    path(
        "households/<uuid:pk>/verifications/",
        idempotent(households_api.verifications),
        name="household-verifications",
    ),
    path(
        "households/<uuid:pk>/moves/",
        idempotent(households_api.moving.of_household),
        name="household-moves",
    ),
    path(
        "households/<uuid:pk>/part/", idempotent(households_api.moving.part), name="household-part"
    ),
    path(
        "households/<uuid:pk>/births/",
        idempotent(households_api.moving.births),
        name="household-births",
    ),
    path("moves/", households_api.moving.incoming, name="moves"),
    path("moves/<uuid:pk>/accept/", households_api.moving.accept, name="move-accept"),
    path("moves/<uuid:pk>/refuse/", households_api.moving.refuse, name="move-refuse"),
    path("households/<uuid:pk>/exits/", idempotent(exits_api.propose), name="household-exits"),
    path("exits/", exits_api.collection, name="exits"),
    path("exits/<uuid:pk>/", exits_api.detail, name="exit"),
    path("exits/<uuid:pk>/approve/", idempotent(exits_api.approve), name="exit-approve"),
    path("exits/<uuid:pk>/reject/", idempotent(exits_api.reject), name="exit-reject"),
    path("exits/<uuid:pk>/withdraw/", idempotent(exits_api.withdraw), name="exit-withdraw"),
    path("exits/<uuid:pk>/revoke/", idempotent(exits_api.revoke), name="exit-revoke"),
    path(
        "households/<uuid:pk>/assessments/",
        idempotent(slf_api.assessments),
        name="household-assessments",
    ),
    path("households/<uuid:pk>/problems/", problems_api.of_household, name="household-problems"),
    path("households/<uuid:pk>/plans/", idempotent(plans_api.of_household), name="household-plans"),
    path("referrals/", idempotent(referrals_api.collection), name="referrals"),
    path("referrals/<uuid:pk>/", referrals_api.detail, name="referral"),
    *(
        path(f"referrals/<uuid:pk>/{action}/", idempotent(view), name=f"referral-{action}")
        for action, view in referrals_api.ACTIONS.items()
    ),
    path("forums/", idempotent(forums_api.collection), name="forums"),
    path("forums/<uuid:pk>/", forums_api.detail, name="forum"),
    path("forums/<uuid:pk>/agenda/", idempotent(forums_api.agenda), name="forum-agenda"),
    path("forums/<uuid:pk>/hold/", idempotent(forums_api.hold), name="forum-hold"),
    path("forums/<uuid:pk>/resolutions/", idempotent(forums_api.resolve), name="forum-resolve"),
    path("resolutions/", forums_api.resolutions, name="resolutions"),
    path("resolutions/<uuid:pk>/", forums_api.resolution, name="resolution"),
    *(
        path(f"resolutions/<uuid:pk>/{action}/", idempotent(view), name=f"resolution-{action}")
        for action, view in forums_api.ACTIONS.items()
    ),
    path("questionnaires/<slug:code>/", slf_api.questionnaire, name="questionnaire"),
    path("imports/", idempotent(imports_api.collection), name="imports"),
    path("imports/templates/<str:source>.xlsx", imports_api.template, name="import-template"),
    path("imports/<uuid:pk>/", imports_api.detail, name="import"),
    path("imports/<uuid:pk>/issues/", imports_api.issues, name="import-issues"),
    path("imports/<uuid:pk>/rows/", imports_api.rows, name="import-rows"),
    path(
        "imports/<uuid:pk>/rows/<int:row>/", idempotent(imports_api.row_detail), name="import-row"
    ),
    path("imports/<uuid:pk>/mapping/", idempotent(imports_api.mapping), name="import-mapping"),
    path("imports/<uuid:pk>/areas/", idempotent(imports_api.areas), name="import-areas"),
    path("imports/<uuid:pk>/approve/", idempotent(imports_api.approve), name="import-approve"),
    path("imports/<uuid:pk>/apply/", idempotent(imports_api.apply), name="import-apply"),
    path("imports/<uuid:pk>/undo/", idempotent(imports_api.undo), name="import-undo"),
    path("imports/<uuid:pk>/cancel/", idempotent(imports_api.cancel), name="import-cancel"),
    path(
        "imports/<uuid:pk>/corrections/",
        idempotent(imports_api.corrections),
        name="import-corrections",
    ),
    path("imports/<uuid:pk>/errors.xlsx", imports_api.errors, name="import-errors"),
    path("reconciliation/", reconciliation_api.board, name="reconciliation"),
    path("quality/", quality_api.board, name="quality"),
    path("quality/rows/", quality_api.violations, name="quality-violations"),
    path("assignments/", idempotent(fieldwork_api.assignments), name="assignments"),
    path("work-list/", fieldwork_api.work_list, name="work-list"),
    path("coverage/", fieldwork_api.coverage, name="coverage"),
    path("dashboards/summary/", dashboards_api.summary, name="dashboards-summary"),
    re_path(r"^.*$", views.not_found, name="not-found"),
]
