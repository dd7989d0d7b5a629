"""Django's settings, made from the installation's configuration.

`LIKA` (a `lika.config.env.Configuration`) is the place for our own code to read from; the two keys also
stand alone as `LIKA_MASTER_KEY` and `LIKA_LINKAGE_KEY`.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from lika.config.env import load
from lika.config.values import database_address
from lika.runtime.postgres import EmbeddedServer

LIKA = load(os.environ, cwd=Path.cwd(), initialised=lambda data_dir: EmbeddedServer(data_dir).is_initialised())
LIKA_MASTER_KEY = LIKA.master_key
LIKA_LINKAGE_KEY = LIKA.linkage_key

PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = LIKA.secret_key
DEBUG = LIKA.debug
ALLOWED_HOSTS = LIKA.allowed_hosts
ROOT_URLCONF = "lika.config.urls"
WSGI_APPLICATION = "lika.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Apps, lowest layer first (docs/adr); the outer ones are those of others.
LIKA_APPS = [
    "lika.core",
    "lika.divisions",
    "lika.accounts",
    "lika.policy",
    "lika.register",
    "lika.snapshots",
    "lika.collection",
    "lika.casework",
    "lika.monitoring",
    "lika.governance",
    "lika.assistance",
    "lika.reports",
    "lika.console",
    "lika.disclosure",
    "lika.demo",
]
INSTALLED_APPS = [
    *LIKA_APPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tables2",
    "django_filters",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # outermost: error pages carry the policy too
    "django.middleware.security.SecurityMiddleware",
    "lika.config.delivery.VersionedFilesMiddleware",
    "lika.config.delivery.CompressedPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lika.accounts.first_sign_in.change_first",
    "lika.accounts.second_factor.set_up_first",
    "lika.accounts.middleware.user_errors",
    "lika.accounts.middleware.whole_addresses",
    "lika.accounts.middleware.within_bounds",  # innermost: around the view and nothing else
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lika.config.context.installation",
            ],
        },
    },
]

# Database

# The owner of the tables: commands, imports, screenings. Pages are served by another role: `lika.config.web`.

EMBEDDED = EmbeddedServer(LIKA.data_dir)
DATABASES = {
    "default": {
        **(LIKA.database or database_address("LIKA_DATABASE_URL", EMBEDDED.url)).for_django(),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
# None on a database of one's own until LIKA_WEB_DATABASE_URL names the role: then no page is served.
WEB_DATABASE = LIKA.web_database if LIKA.database else database_address("LIKA_WEB_DATABASE_URL", EMBEDDED.web_url)
# The public pages in a process of their own: `lika.config.portal`.
PORTAL_DATABASE = (
    LIKA.portal_database if LIKA.database else database_address("LIKA_PORTAL_DATABASE_URL", EMBEDDED.portal_url)
)

# Language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# Sign-in: accounts are made by administrators; a second step is asked of the roles configured.

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **more}
    for name, more in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"OPTIONS": {"min_length": 10}}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "lika.accounts.adapter.ClosedAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "立卡 Lika"
MFA_ADAPTER = "lika.accounts.second_factor.SealedFactorAdapter"
MFA_FORMS = {"authenticate": "lika.accounts.second_factor.CodeForm"}
MFA_TOTP_TOLERANCE = 1  # clocks of telephones without a network run wrong
MFA_ALLOW_UNVERIFIED_EMAIL = True  # no mail leaves an installation
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if LIKA.https else 0  # HTTPS is that of a proxy, which says who asked

# Sessions, cookies, headers

SESSION_COOKIE_AGE = LIKA.session_hours * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = LIKA.https
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = LIKA.https
SECURE_SSL_REDIRECT = LIKA.https
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if LIKA.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = LIKA.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if LIKA.https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# No inline script or style anywhere; `data:` for the icons inside Tabler's style sheet.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# Static files, served by the web process itself, straight from the packages: no collecting, no build step.

STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lika.config.delivery.VersionedStorage"},
}
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 60 * 60  # a year under an address with the version: `lika.config.delivery`

# Uploads: a county's workbook has tens of megabytes; it goes to disk, not to memory.

# The votes of a meeting on a thousand cases: six inputs each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6500
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Forms and lists

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5-responsive.html"

# Logs go to standard error and never carry personal data: no SQL, no request bodies, no values of rows.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "lika.config.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "lika": {"level": "INFO"},
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}

SILENCED_SYSTEM_CHECKS: list[str] = []
