from django.urls import path

from quality.views import acting, board

app_name = "quality"

urlpatterns = [
    path("quality/", board.board, name="board"),
    path("quality/rules/", acting.rules, name="rules"),
    path("quality/exemptions/<uuid:pk>/end/", acting.end_exemption, name="exemption-end"),
    path("quality/rows/", board.violations, name="violations"),
    path("quality/<slug:rule>/<uuid:pk>/excuse/", acting.excuse, name="excuse"),
]
