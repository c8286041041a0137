"""The product's settings; static files come uncompressed, and passwords are hashed cheaply."""

from ppaos.settings import *  # noqa: F403
from ppaos.settings import STORAGES as _STORAGES

STORAGES = {
    **_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
# Argon2 is slow on purpose, and every story signs its people in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
