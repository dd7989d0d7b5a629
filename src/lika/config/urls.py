"""The addresses of the site. Each app keeps its own; the console has the root."""

from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from lika.accounts.access import public
from lika.config.health import healthz
from lika.config.signin import without_mail

urlpatterns = [
    path("", include("lika.console.urls")),
    path("policy/", include("lika.policy.urls")),
    path("screenings/", include("lika.snapshots.urls")),
    path("import/", include("lika.collection.urls")),
    path("rounds/", include("lika.collection.rounds.urls")),
    path("casework/", include("lika.casework.urls")),
    path("", include("lika.governance.urls")),
    path("", include("lika.assistance.urls")),
    path("quality/", include("lika.monitoring.urls")),
    path("analysis/", include("lika.reports.urls")),
    path("disclosure/", include("lika.disclosure.urls")),
    path("open/", include("lika.disclosure.urls_open")),
    path("demonstration/", include("lika.demo.urls")),
    path("healthz", public(healthz), name="healthz"),
    # No mail leaves an installation: a forgotten password or a new address is the administrator's work.
    path("accounts/password/reset/", public(without_mail), name="no_reset"),
    path("accounts/email/", without_mail, name="no_email"),
    path("accounts/sessions/", RedirectView.as_view(pattern_name="console:sessions"), name="no_sessions"),
    path("accounts/", include("allauth.urls")),
    # The language can be chosen on the sign-in page too.
    path("i18n/setlang/", public(set_language), name="set_language"),
]
