from django.urls import path

from casework.views import case_file, finding, referral, register, story, today

app_name = "casework"

urlpatterns = [
    path("", today.today, name="today"),
    path("households/", register.households, name="households"),
    path("households/search/", finding.search, name="search"),
    path("households/new/", finding.new, name="new"),
    path("households/<uuid:pk>/", case_file.case_file, name="case-file"),
    path("households/<uuid:pk>/story/", story.story, name="story"),
    path("referrals/<uuid:pk>/", referral.referral, name="referral"),
]
