"""The project itself. Empty on purpose: manage.py imports it before all else is installed."""
