from django.urls import path

from slf.views import assessing, panels, problems, results

app_name = "slf"

urlpatterns = [
    path("households/<uuid:pk>/assess/", assessing.assess, name="assess"),
    path(
        "households/<uuid:pk>/assess/<uuid:assessment_pk>/<slug:step>/",
        assessing.step,
        name="step",
    ),
    path("households/<uuid:pk>/assessments/<uuid:assessment_pk>/", results.result, name="result"),
    path(
        "households/<uuid:pk>/assessments/<uuid:assessment_pk>/revisions/<int:number>/restore/",
        results.restore,
        name="restore",
    ),
    path("households/<uuid:pk>/group/", results.override, name="override"),
    path("households/<uuid:pk>/group/release/", results.release, name="release"),
    path("households/<uuid:pk>/capitals/", panels.household_panel, name="household-panel"),
    path("households/<uuid:pk>/problems/new/", problems.problem_new, name="problem-new"),
    path(
        "households/<uuid:pk>/problems/<uuid:problem_pk>/resolve/",
        problems.problem_resolve,
        name="problem-resolve",
    ),
    path(
        "households/<uuid:pk>/problems/<uuid:problem_pk>/reopen/",
        problems.problem_reopen,
        name="problem-reopen",
    ),
]
