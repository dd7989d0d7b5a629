from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    name = "lika.register"
    label = "register"
    verbose_name = _("Register")

    def ready(self) -> None:
        from lika.register.facts import declare_all

        declare_all()
