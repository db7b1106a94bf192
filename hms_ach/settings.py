"""Settings for every environment, read once from environment variables; docs/operations.md lists them."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from hms_ach.api_description import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from hms_ach.logs import logging_settings
from hms_ach.timetable import TIMETABLE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# What must be given: a missing one stops the start.
SECRET_KEY = env("SECRET_KEY")
DEBUG = False
IS_DEMO = env.bool("HMS_ACH_DEMO", default=False)
DEMO_PASSWORD = env("DEMO_PASSWORD", default="")
DEMO_FOLDER = Path(env("DEMO_FOLDER", default=str(BASE_DIR / "var" / "demo-bank")))
IS_HTTPS = env.bool("HMS_ACH_HTTPS", default=not IS_DEMO)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")

# ---- data: `default` is the application's role, `owner` runs migrations
DATABASES = {
    "default": env.db_url("DATABASE_URL", default="postgresql://hms_ach_app@/hms_ach"),
    "owner": env.db_url(
        "DATABASE_OWNER_URL", default=env("DATABASE_URL", default="postgresql://hms_ach_owner@/hms_ach")
    ),
}
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})["application_name"] = "hms_ach"
# Nobody waits for ever: a statement, a lock, a transaction left open (milliseconds; workers get more).
_TIMEOUTS = {
    "statement_timeout": env.int("DATABASE_STATEMENT_TIMEOUT_MS", default=15_000),
    "lock_timeout": env.int("DATABASE_LOCK_TIMEOUT_MS", default=5_000),
    "idle_in_transaction_session_timeout": env.int("DATABASE_IDLE_TIMEOUT_MS", default=30_000),
}
# The journal's statements, which are prepared, are planned once a connection.
_SESSION = _TIMEOUTS | {"plan_cache_mode": "force_generic_plan"}
DATABASES["default"]["OPTIONS"]["options"] = " ".join(f"-c {key}={value}" for key, value in _SESSION.items())
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
DATABASE_APP_ROLE = env("DATABASE_APP_ROLE", default=DATABASES["default"].get("USER") or "hms_ach_app")
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
_CACHE_URL = env("CACHE_URL", default=REDIS_URL)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _CACHE_URL}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- applications
KERNEL_APPS = [
    "hms_ach.access",
    "hms_ach.audit",
    "hms_ach.outbox",
    "hms_ach.idempotency",
    "hms_ach.vault",
    "hms_ach.files",
    "hms_ach.web",
    "hms_ach.home",
    "hms_ach.demo",
    "hms_ach.supervisor",
]
DOMAIN_APPS = ["ledger", "billing", "cashiering", "reconciliation"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "guardian",
    "simple_history",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_cotton",
    "lucide",
    "django_celery_beat",
    *KERNEL_APPS,
    *DOMAIN_APPS,
]
MIDDLEWARE = [
    "hms_ach.audit.request_id.RequestIdMiddleware",
    "hms_ach.home.request_log.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hms_ach.web.session_limits.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hms_ach.web.screen_lock.ScreenLock",
    "hms_ach.web.middleware.NoStore",
    "hms_ach.home.errors.ErrorPages",
    "hms_ach.web.middleware.NoZeroCharacters",
    "hms_ach.web.middleware.RefusalPages",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "hms_ach.urls"
CSRF_FAILURE_VIEW = "hms_ach.home.errors.stale_form"
WSGI_APPLICATION = "hms_ach.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hms_ach.home.shell.shell",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "hms_ach.web.templatetags.hms",
                "hms_ach.web.templatetags.components",
            ],
        },
    }
]
COTTON_DIR = "components"

# ---- people
AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "hms_ach.access.backends.RoleBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "hms_ach.access.rules.password.LengthRule"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "hms_ach.access.screens.sign_in.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = LOGOUT_REDIRECT_URL
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "60/m/ip"}
MFA_ADAPTER = "hms_ach.access.screens.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "HMS-ACH"
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Ten wrong passwords for a name from one address: that pair waits; nobody is locked out from elsewhere.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "hms_ach.access.attempts.name_tried"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "password", "code"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_VERBOSE = False

# ---- API
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"  # noqa: S105
OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL = "oauth2_provider.RefreshToken"  # noqa: S105
OAUTH2_PROVIDER_ID_TOKEN_MODEL = "oauth2_provider.IDToken"  # noqa: S105
OAUTH2_PROVIDER_GRANT_MODEL = "oauth2_provider.Grant"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "SCOPES_BACKEND_CLASS": "hms_ach.access.scopes.ClientScopes",
    "OAUTH2_VALIDATOR_CLASS": "hms_ach.api.validator.ActiveClients",
    "OAUTH2_BACKEND_CLASS": "hms_ach.api.authentication.HeadersAlone",
    # Only hashes of tokens are stored; a token is read from the Authorization header alone.
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
}
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "hms_ach.api.openapi.ApiSchema",
    "EXCEPTION_HANDLER": "hms_ach.api.problems.handle",
    "DEFAULT_THROTTLE_RATES": {"client": env("API_RATE", default="1200/min")},
    "NUM_PROXIES": 0,
    "URL_FORMAT_OVERRIDE": None,  # the form of an answer is asked for by Accept alone
}

# ---- background work
CELERY_BROKER_URL = env("BROKER_URL", default=REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Three queues: people wait for the first, files fill the second, the third runs at night.
CELERY_TASK_DEFAULT_QUEUE = "interactive"
_NIGHTLY = ["hms_ach.idempotency.*", "hms_ach.audit.tasks.check", "ledger.tasks.check_all_balances"]
CELERY_TASK_ROUTES = {"reconciliation.*": {"queue": "bank"}} | {key: {"queue": "nightly"} for key in _NIGHTLY}
CELERY_BEAT_SCHEDULE = TIMETABLE

# ---- mail: receipts that people asked for; without EMAIL_URL nothing leaves
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="receipts@localhost")
EMAIL_TIMEOUT = 20

# ---- text messages: receipts that people agreed to; without SMS_URL none is offered
SMS_URL = env("SMS_URL", default="")
SMS_TOKEN = env("SMS_TOKEN", default="")
SMS_FROM = env("SMS_FROM", default="")
SMS_CA_FILE = env("SMS_CA_FILE", default="")
SMS_ALLOW_LOOPBACK = env.bool("SMS_ALLOW_LOOPBACK", default=IS_DEMO)

# ---- time, language, files
TIME_ZONE = "UTC"
USE_TZ = USE_I18N = True
LANGUAGE_CODE = "en-us"
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
BANK_FILE_MAX_BYTES = env.int("BANK_FILE_MAX_BYTES", default=100 * 1024 * 1024)
BANK_FOLDERS = env("BANK_FOLDERS", default=str(BASE_DIR / "var" / "bank-folders"))
BANK_ALLOW_LOOPBACK = env.bool("BANK_ALLOW_LOOPBACK", default=IS_DEMO)
GL_FOLDERS = env("GL_FOLDERS", default=str(DEMO_FOLDER.parent / "gl-folders"))
GL_SFTP_INSIDE = env.list("GL_SFTP_INSIDE", default=[])
GL_ALLOW_LOOPBACK = env.bool("GL_ALLOW_LOOPBACK", default=IS_DEMO)

# ---- trust: keys live outside the database
VAULT_KEYS = env.list("VAULT_KEYS", default=[])
VAULT_INDEX_KEY = env("VAULT_INDEX_KEY", default="")
AUDIT_SIGNING_KEY = env("AUDIT_SIGNING_KEY", default="")
AUDIT_PUBLIC_KEYS = env.list("AUDIT_PUBLIC_KEYS", default=[])
AUDIT_ANCHOR_FILE = env("AUDIT_ANCHOR_FILE", default="")
WEBHOOK_CA_FILE = env("WEBHOOK_CA_FILE", default="")
WEBHOOK_ALLOW_LOOPBACK = env.bool("WEBHOOK_ALLOW_LOOPBACK", default=IS_DEMO)

# ---- logs: ids only, docs/operations.md
LOGGING = logging_settings(env("LOG_LEVEL", default="INFO"))

# ---- headers
_OURS = ["script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **{kind: [SELF] for kind in _OURS},
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list] = {"camera": [], "geolocation": [], "microphone": []}
SECURE_CONTENT_TYPE_NOSNIFF = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
X_FRAME_OPTIONS = "DENY"
# The prefix makes browsers refuse the cookie unless it is Secure and of this very host.
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
TERMINAL_SIMULATOR_PORT = env.int("TERMINAL_SIMULATOR_PORT", default=0)
