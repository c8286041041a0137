from django.urls import path

from dashboards.views import page

app_name = "dashboards"

urlpatterns = [
    path("dashboards/", page.dashboard, name="dashboard"),
    path("dashboards/breakdown.xlsx", page.breakdown_sheet, name="breakdown-sheet"),
]
