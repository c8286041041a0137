"""All settings, in one file. What differs between places comes from the environment.

`python3 manage.py up` and `test` fill in the environment for the embedded
servers (ppaos/embedded); nothing here knows of them.
"""

import os
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or value == "":
        raise ImproperlyConfigured(f"Set the environment variable {name}; see .env.example.")
    return value


def envbool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def envint(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


# ---- secrets and personal data -------------------------------------------------
SECRET_KEY = env("PPAOS_SECRET_KEY")
# "2:<base64 of 32 bytes>,1:…": the first is used to write, the others to read.
PPAOS_FIELD_KEYS = env("PPAOS_FIELD_KEYS")
PPAOS_DATA_DIR = Path(env("PPAOS_DATA_DIR", str(BASE_DIR / ".var")))

# ---- where it is reached -------------------------------------------------------
DEBUG = False
HTTPS = envbool("PPAOS_HTTPS", True)
ALLOWED_HOSTS = [
    host.strip() for host in env("PPAOS_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
ROOT_URLCONF = "ppaos.urls"
WSGI_APPLICATION = "ppaos.wsgi.application"

# ---- apps, lowest layer first (ARCHITECTURE.md, section 3) ----------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "ppaos.web",
    "areas",
    "audit",
    "files",
    "jobs",
    "accounts",
    "households",
    "fieldwork",
    "duplicates",
    "problems",
    "slf",
    "plans",
    "referrals",
    "forums",
    "imports",
    "casework",
    "quality",
    "reconciliation",
    "dashboards",
    "api",
    "operations",
    "demo",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ppaos.web.middleware.refuse_large_bodies",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.remember_address",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "ppaos.web.middleware.keep_private",
    "ppaos.web.middleware.sign_in_again",
    "accounts.middleware.change_password_first",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ---- database, cache, broker ---------------------------------------------------
DATABASES = {"default": dj_database_url.parse(env("DATABASE_URL"), conn_max_age=60)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Rate limits must hold while the broker is down, so the cache is a table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # The default of 300 would let a guesser push their own counters out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
CELERY_BROKER_URL = env("REDIS_URL")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = envint("PPAOS_WORKER_PROCESSES", 2)
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Asia/Bangkok"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    # Who sends a job does not wait for a broker that is away: the sweeper sends it later.
    "max_retries": 1,
    "interval_start": 0,
}

# ---- background work: seconds (architecture 6; a test shortens them) -------------
# Lease and sweep together are the longest that work of a killed worker lies still.
JOB_LEASE_SECONDS = envint("PPAOS_JOB_LEASE_SECONDS", 30)
JOB_HEARTBEAT_SECONDS = envint("PPAOS_JOB_HEARTBEAT_SECONDS", 10)
JOB_SWEEP_SECONDS = envint("PPAOS_JOB_SWEEP_SECONDS", 15)
JOB_MAX_ATTEMPTS = 3
# Work that a full disk holds up is tried again after so long.
JOB_WAIT_SECONDS = envint("PPAOS_JOB_WAIT_SECONDS", 30)
# What is computed of a household and therefore computed again when two become one: by what,
# and the column of when a person decided otherwise.
COMPUTED_OF_HOUSEHOLDS = {
    "slf.LivelihoodProfile": {"again": "slf.services.regroup", "decided_at": "overridden_at"},
}
# What may wait in a queue, and how often people take turns. Of several processes one is
# always left for what is short.
JOB_QUEUES = {
    "imports": {
        "slots": envint("PPAOS_IMPORT_SLOTS", max(1, CELERY_WORKER_CONCURRENCY - 1)),
        "running_per_person": envint("PPAOS_IMPORT_RUNNING", 1),
        "waiting_per_person": envint("PPAOS_IMPORT_WAITING", 3),
        "turn_seconds": envint("PPAOS_IMPORT_TURN_SECONDS", 20),
    }
}
# Long work gives way to pages: the processes of the worker run at this niceness.
WORKER_NICENESS = envint("PPAOS_WORKER_NICENESS", 10)
# ---- imports ---------------------------------------------------------------------
IMPORT_KEEP_DAYS = envint("PPAOS_IMPORT_KEEP_DAYS", 30)
# Lines that are committed together: what a killed worker may have to do again.
IMPORT_CHUNK_LINES = envint("PPAOS_IMPORT_CHUNK_LINES", 2_000)
# Above either, a second person must approve before anything is written.
IMPORT_STOP_TROUBLE_PERCENT = envint("PPAOS_IMPORT_STOP_TROUBLE_PERCENT", 50)
IMPORT_STOP_HOUSEHOLDS_CHANGED = envint("PPAOS_IMPORT_STOP_HOUSEHOLDS_CHANGED", 2_000)
IMPORT_STOP_PEOPLE_CHANGED = envint("PPAOS_IMPORT_STOP_PEOPLE_CHANGED", 20_000)
IMPORT_STOP_DUPLICATES = envint("PPAOS_IMPORT_STOP_DUPLICATES", 500)
# ---- referrals ---------------------------------------------------------------------
# Days after the end of a referral during which its agency may still look at it.
REFERRAL_GRANT_DAYS = envint("PPAOS_REFERRAL_GRANT_DAYS", 90)
# ---- field work --------------------------------------------------------------------
# Days that work is given for unless the office says another day, the share of each surveyor's
# visits that are made again, and after how many months somebody looks at who left the targets.
FIELDWORK_DUE_DAYS = envint("PPAOS_FIELDWORK_DUE_DAYS", 14)
BACK_CHECK_PERCENT = envint("PPAOS_BACK_CHECK_PERCENT", 5)
RELAPSE_CHECK_MONTHS = envint("PPAOS_RELAPSE_CHECK_MONTHS", 12)
# ---- dashboards --------------------------------------------------------------------
# Who sees figures without seeing the files behind them sees no count from 1 to one less.
DASHBOARD_MIN_CELL = envint("PPAOS_DASHBOARD_MIN_CELL", 5)
DASHBOARD_AGGREGATE_SECONDS = envint("PPAOS_DASHBOARD_AGGREGATE_SECONDS", 10)
# Overdue agencies get a mail, numbers only, once a day; without a server none is sent.
EMAIL_HOST = os.environ.get("PPAOS_EMAIL_HOST", "")
EMAIL_PORT = envint("PPAOS_EMAIL_PORT", 25)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("PPAOS_EMAIL_FROM", "ppaos@localhost")
CELERY_BEAT_SCHEDULE = {
    "remind agencies of overdue referrals": {
        "task": "referrals.remind_overdue",
        "schedule": crontab(hour=7, minute=30),
    },
    "bring the figures up to date": {
        "task": "dashboards.aggregate",
        "schedule": float(DASHBOARD_AGGREGATE_SECONDS),
        "options": {"expires": float(DASHBOARD_AGGREGATE_SECONDS)},
    },
    "look for duplicates after an import": {
        "task": "duplicates.search_after_imports",
        "schedule": 600.0,
        "options": {"expires": 600.0},
    },
    "look for duplicates among what changed": {
        "task": "duplicates.search_nightly",
        "schedule": crontab(hour=3, minute=30),
    },
    "hold the figures against a full recount": {
        "task": "dashboards.recount",
        "schedule": crontab(hour=1, minute=30),
    },
    "hold the register against the rules": {
        "task": "quality.count",
        "schedule": crontab(hour=2, minute=30),
    },
    "count again where data was mended": {
        "task": "quality.refresh",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "settle imports whose job ended badly": {"task": "imports.settle", "schedule": 60.0},
    "purge imported lines with their files": {"task": "imports.purge_due", "schedule": 3600.0},
    "sweep forgotten jobs": {
        "task": "jobs.sweep",
        "schedule": float(JOB_SWEEP_SECONDS),
        "options": {"expires": float(JOB_SWEEP_SECONDS)},
    },
}

# ---- sign-in -------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "ppaos.web.passwords.NotLikeTheUser"},
    {
        "NAME": "ppaos.web.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "ppaos.web.passwords.NotCommon"},
    {"NAME": "ppaos.web.passwords.NotOnlyDigits"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/accounts/login/"
# What is told after a step may name a person, and a cookie stays on the phone.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# By user name; nobody signs up and no e-mail is sent (accounts.adapter).
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
# How many times in how long, per person and place (key), place (ip) or account (user).
# See accounts.limits for login_name and login_names.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "5/15m/key,20/h/ip",
    "login_name": "1/h/key",
    "login_names": "10/h/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "accounts.adapter.MfaAdapter"
MFA_FORMS = {"authenticate": "accounts.forms.CodeForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PPAOS"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# How many proxies of our own add to X-Forwarded-For; with 0 the header is not looked at.
ALLAUTH_TRUSTED_PROXY_COUNT = envint("PPAOS_PROXY_COUNT", 0)

# ---- what a browser is told ----------------------------------------------------
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# ---- how much one request may bring: bytes ---------------------------------------
# REST framework reads a body whole and Django keeps any file on disk before a view looks.
REQUEST_MOST_BYTES = 4 << 20
UPLOAD_PATHS = ("/imports/", "/api/v1/imports/")
# A little more than a file may have (imports.reading.limits), for what surrounds it.
UPLOAD_MOST_BYTES = 404 << 20
# Photos of help and of visits as phones take them: five of ten mebibytes (ppaos.lib.pictures).
PHOTO_PATH = r"^/(referrals/[0-9a-f-]{36}/assistance|households/[0-9a-f-]{36}/verify)/$"
PHOTO_MOST_BYTES = 51 << 20

# ---- language, time ------------------------------------------------------------
LANGUAGE_CODE = "th"
TIME_ZONE = "Asia/Bangkok"
USE_I18N = True
USE_TZ = True
# Years and numbers in hidden fields must stay bare: templates write counts with |thousands.
USE_THOUSAND_SEPARATOR = False

# ---- files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = PPAOS_DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "ppaos.web.finders.NodeFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Only names with a digest are served, so a page never meets a file of another version.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff2", "png", "ico", "gz", "br")

# ---- demo province -------------------------------------------------------------
PPAOS_DEMO = envbool("PPAOS_DEMO", False)
# Of the demo accounts only; `up` makes one and prints it.
PPAOS_DEMO_PASSWORD = os.environ.get("PPAOS_DEMO_PASSWORD", "")

# ---- API -----------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "api.schema.ContractSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["ppaos.web.api_parsers.PatientJSONParser"],
    "EXCEPTION_HANDLER": "ppaos.web.api_errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PPAOS API",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ImportState": "imports.workflow.State.choices",
        "ExitState": "households.workflow.ExitState.choices",
        "ExitReason": "households.workflow.ExitReason.choices",
        "Verdict": "imports.workflow.Verdict.choices",
        "ForumState": "forums.workflow.ForumState.choices",
        "ForumLevel": "forums.workflow.Level.choices",
        "ForumFormat": "forums.workflow.Format.choices",
        "AgendaItemKind": "forums.workflow.ItemKind.choices",
        "OtherItemKind": "forums.api.incoming.OTHER_KINDS",
        "AssistanceKind": "referrals.workflow.AssistanceKind.choices",
        "VerificationOutcome": "households.workflow.Outcome.choices",
        "AgendaItemOutcome": "forums.workflow.ItemOutcome.choices",
        "ResolutionStatus": "forums.workflow.Status.choices",
        "ProblemStatus": "problems.workflow.Status.choices",
        "ReferralStatus": "referrals.workflow.Status.choices",
        "DuplicateKind": "duplicates.workflow.Kind.choices",
        "ListCode": "reconciliation.api.LISTS",
        "ProblemCode": "problems.rules.ProblemCode.choices",
        "ClosingReason": "referrals.workflow.ClosingReason.choices",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.add_error_component",
    ],
}

# ---- logs: no personal data; who did what is in audit.Event ------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "ppaos.web.private_logs.PrivateFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}},
}
