from django.urls import path

from plans import views

app_name = "plans"

urlpatterns = [
    path("households/<uuid:pk>/plan/", views.plan, name="plan"),
    path("households/<uuid:pk>/plans/", views.history, name="history"),
]
