"""Django's settings for the public pages in a process of their own (`lika serve --portal`).

No sign-in, no session and no message: nothing here knows a user. The role of the database reads what was published and
nothing else (`PORTAL` in `lika.config.wall`).
"""

from lika.config.settings import *  # noqa: F403 - some settings differ
from lika.config.settings import DATABASES, INSTALLED_APPS, PORTAL_DATABASE
from lika.runtime.faults import no_portal_role

if PORTAL_DATABASE is None:
    raise no_portal_role()

DATABASES["default"] |= PORTAL_DATABASE.for_django()
# Signing in is left out whole: its pages, its middleware, its back end.
INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("allauth")]
AUTHENTICATION_BACKENDS = []  # type: ignore[no-redef,var-annotated,unused-ignore]
ROOT_URLCONF = "lika.config.portal_urls"
WSGI_APPLICATION = "lika.config.portal_wsgi.application"
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lika.config.delivery.VersionedFilesMiddleware",
    "lika.config.delivery.CompressedPagesMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "lika.config.context.installation",
            ],
        },
    },
]
