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
        from lika.disclosure.waiting import sent_by_the_public
        from lika.reports import leaving, waiting

        leaving.give("publications", PUBLICATIONS)
        waiting.give(sent_by_the_public)
        telling.NOTICE_OVER.append(actions.notice_over)
        telling.OBJECTION_STEP.append(actions.objection_step)
