"""Settings. Everything that differs from one bureau to the next comes from the environment (see .env.example)."""

from datetime import timedelta

from csp.constants import NONE, SELF

from .environment import BASE_DIR, read_environment
from .logs import logging_config
from .schedule import SCHEDULE

ENVIRONMENT = read_environment()

PRODUCTION = ENVIRONMENT.production
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
# Personal fields and secrets are encrypted under the first; the others still open what was written under them.
FIELD_KEYS = ENVIRONMENT.field_keys
VAR_DIR = ENVIRONMENT.var_dir
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins

INSTALLED_APPS = [
    "campaign_tracker.apps.CampaignTrackerConfig",
    "common",
    "units",
    "mines",
    "tasks",
    "hazards",
    "inspections",
    "supervision",
    "exchange",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "axes",
    "csp",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "campaign_tracker.middleware.ProxyAddressMiddleware",
    "campaign_tracker.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "units.auditing.AuditMiddleware",
    "units.middleware.SessionAgeMiddleware",
    # Every page asks for a log-in unless it says otherwise with @login_not_required.
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "units.middleware.SecondStepMiddleware",
    "units.middleware.PasswordDueMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.faults.RefusedMiddleware",
    # django-axes asks to come last: it turns a refused log-in into the lock-out page.
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "campaign_tracker.urls"
WSGI_APPLICATION = "campaign_tracker.wsgi.application"
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
            ]
        },
    }
]

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# Files. `staticfiles` is what pages load, `evidence` what users hand in; the latter is never served by the web server.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "campaign_tracker" / "static"]
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "evidence"
EVIDENCE_MAX_BYTES = 20 * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A campaign of 300 tasks is corrected on one page: several fields for each of them.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# Accounts
AUTH_USER_MODEL = "units.User"
AUTHENTICATION_BACKENDS = [
    "units.lockout.NameLimitBackend",
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "units.passwords.StrongPasswordValidator"},
    {"NAME": "units.passwords.UncommonPasswordValidator"},
    {"NAME": "units.passwords.NotRecentPasswordValidator"},
]
# After so many days a password must be changed before anything else; 0 for never.
PASSWORD_MAX_AGE_DAYS = ENVIRONMENT.password_max_age_days
ACTIVATION_DAYS = 7
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
# GB/T 22239-2019, 8.1.4.1: failed log-ins are limited and a session ends after a time without use.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# GB/T 22239-2019, 8.1.4.1 d): who keeps the accounts of others proves to be themselves in two ways.
SECOND_FACTOR = ENVIRONMENT.second_factor
SECOND_FACTOR_FAILURES = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# The same name tried from many machines: so many failures within the cool-off close it everywhere but where its owner
# has logged in before, so that nobody can lock an administrator out.
NAME_FAILURE_LIMIT = 20
AXES_LOCKOUT_TEMPLATE = "units/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Knocking on a locked door must not keep its owner out for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "units.sessions.login_name"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_MINUTES = ENVIRONMENT.session_idle_minutes
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "common.faults.form_expired"

# Transport. HTTPS=0 in production is for a closed network without certificates; the start-up says that it is weak.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.https
SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    # A county may host other names under its domain that have no certificate: sub-domains are its own decision.
    "security.W005",
    "security.W021",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Jobs. Delivery is at least once: late acknowledgement hands a task of a killed worker to the next one.
CELERY_BROKER_URL = ENVIRONMENT.broker_url
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A page must not hang when the broker is away: the row of the job stays, and the sweep sends it later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 840  # under the visibility time-out, or a long task would be handed out twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = ENVIRONMENT.task_workers
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat" / "schedule")

# What the web processes count together; `own` is each one's, for as long as the server is away.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENVIRONMENT.cache_url,
        "KEY_PREFIX": "campaign-tracker",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    },
    "own": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

# The interface for other systems (exchange/, docs/api.md)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["exchange.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["exchange.authentication.HasScope"],
    "DEFAULT_THROTTLE_CLASSES": ["exchange.throttling.AccountThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["exchange.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["exchange.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "exchange.problems.answer_exception",
}
REST_KNOX = {"TOKEN_PREFIX": "ct_", "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "矿山安全专项整治台账 数据接口",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["exchange.schema.finish"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "AUTHENTICATION_WHITELIST": ["exchange.authentication.TokenAuthentication"],
}

# Mail
EMAIL_BACKEND = ENVIRONMENT.email["EMAIL_BACKEND"]
EMAIL_HOST = ENVIRONMENT.email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = ENVIRONMENT.email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = ENVIRONMENT.email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = ENVIRONMENT.email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(ENVIRONMENT.email.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(ENVIRONMENT.email.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = ENVIRONMENT.email.get("EMAIL_FILE_PATH")
EMAIL_TIMEOUT = 10
# The address that messages link to, and whether hooks may reach into the bureau's own network (see docs/reminders.md).
SITE_URL = ENVIRONMENT.site_url
HOOKS_TO_PRIVATE = ENVIRONMENT.hooks_to_private
# A delivery that a worker took and did not mark for so long was lost with its worker.
DELIVERY_LOST_AFTER_SECONDS = 300
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.default_from_email

# Who shows it reads /metrics; empty: nobody does.
METRICS_TOKEN = ENVIRONMENT.metrics_token
LOGGING = logging_config(ENVIRONMENT.log_level)

# How far ahead the items of recurring duties are made, in days: more than the longest notice before a due day.
DUE_ITEMS_AHEAD_DAYS = 45
