"""The project's own packages. Empty on purpose: manage.py imports it before anything is installed."""
