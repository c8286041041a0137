from django.urls import path

from problems import views

app_name = "problems"

urlpatterns = [
    path("households/<uuid:pk>/problems/", views.household_panel, name="household-panel"),
]
