from django.urls import path

from duplicates.views import merges, pairs

app_name = "duplicates"

urlpatterns = [
    path("duplicates/", pairs.pairs, name="pairs"),
    path("duplicates/search/", pairs.search, name="search"),
    path("duplicates/<uuid:pk>/", pairs.pair, name="pair"),
    path("duplicates/<uuid:pk>/merge/", pairs.merge, name="merge"),
    path("duplicates/<uuid:pk>/distinct/", pairs.distinct, name="distinct"),
    path("duplicates/merges/<uuid:pk>/", merges.merge, name="merge-done"),
]
