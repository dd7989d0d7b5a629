from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "lika.demo"
    label = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        from lika.console import demonstration
        from lika.demo import accounts, guide  # their models are loaded only now

        demonstration.offer(accounts.to_offer(), accounts.VISITS, guide.guide_for)
