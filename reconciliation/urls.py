from django.urls import path

from reconciliation.views import board

app_name = "reconciliation"

urlpatterns = [
    path("reconciliation/", board.board, name="board"),
    path("reconciliation/board.xlsx", board.board_sheet, name="board-sheet"),
    path("reconciliation/households/", board.rows, name="rows"),
]
