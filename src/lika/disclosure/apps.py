import datetime as dt
from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from lika.casework.choices import ObjectionVerb
    from lika.casework.models import Notice, Objection
    from lika.core.actors import Actor


class DisclosureConfig(AppConfig):
    name = "lika.disclosure"
    label = "disclosure"
    verbose_name = _("Disclosure")

    def ready(self) -> None:
        from lika.casework import telling
        from lika.disclosure.leaving import PUBLICATIONS
        from lika.disclosure.waiting import sent_by_the_public
        from lika.reports import leaving, waiting

        leaving.give("publications", PUBLICATIONS)
        waiting.give(sent_by_the_public)
        telling.NOTICE_OVER.append(_notice_over)
        telling.OBJECTION_STEP.append(_objection_step)


# The process of the public pages has no accounts, so what acts is imported where it acts.
def _notice_over(by: "Actor", notice: "Notice") -> None:
    from lika.disclosure.actions import notice_over

    notice_over(by, notice)


def _objection_step(by: "Actor", objection: "Objection", verb: "ObjectionVerb", at: dt.datetime) -> None:
    from lika.disclosure.actions import objection_step

    objection_step(by, objection, verb, at)
