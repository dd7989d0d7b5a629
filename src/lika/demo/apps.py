from django.apps import AppConfig, apps
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "lika.demo"
    label = "demo"
    verbose_name = _("Demonstration")

    def ready(self) -> None:
        if not apps.is_installed("allauth.account"):
            return  # the public pages in a process of their own: nobody signs in there
        from lika.console import demonstration
        from lika.demo import accounts, guide  # their models are loaded only now

        demonstration.offer(accounts.to_offer(), accounts.VISITS, guide.guide_for)
