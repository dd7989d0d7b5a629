"""What townships and villages keep beside the register: who is answerable, requests of residents, surveys."""

from lika.governance.models.duties import DutyTerm
from lika.governance.models.requests import RequestStep, ServiceRequest
from lika.governance.models.surveys import Survey, SurveyTask, SurveyVisit

__all__ = ["DutyTerm", "RequestStep", "ServiceRequest", "Survey", "SurveyTask", "SurveyVisit"]
