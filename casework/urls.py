from django.urls import path

from casework.views import case_file, finding, keeping, printing, referral, register, story, today

app_name = "casework"

urlpatterns = [
    path("", today.today, name="today"),
    path("households/", register.households, name="households"),
    path("households/search/", finding.search, name="search"),
    path("households/new/", finding.new, name="new"),
    path("households/views/save/", keeping.save_view, name="view-save"),
    path("households/views/<uuid:pk>/delete/", keeping.delete_view, name="view-delete"),
    path("households/columns/", keeping.columns, name="columns"),
    path("households/export/", keeping.export, name="export"),
    path("households/<uuid:pk>/", case_file.case_file, name="case-file"),
    path("households/<uuid:pk>/file.pdf", printing.file_pdf, name="print"),
    path("households/<uuid:pk>/story/", story.story, name="story"),
    path("referrals/<uuid:pk>/", referral.referral, name="referral"),
]
