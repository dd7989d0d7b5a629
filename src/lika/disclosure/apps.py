from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisclosureConfig(AppConfig):
    name = "lika.disclosure"
    label = "disclosure"
    verbose_name = _("Disclosure")

    def ready(self) -> None:
        from lika.casework import telling
        from lika.disclosure import actions
        from lika.disclosure.leaving import PUBLICATIONS
        from lika.reports.leaving import give

        give("publications", PUBLICATIONS)
        telling.NOTICE_OVER.append(actions.notice_over)
