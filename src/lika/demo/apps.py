from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "lika.demo"
    label = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        from lika.console import demonstration
        from lika.demo import accounts  # its models are loaded only now

        if settings.LIKA.demo:
            demonstration.offer(accounts.to_offer())
