"""What townships and villages keep beside the register: who is answerable, requests of residents, surveys."""

from lika.governance.models.duties import DutyTerm
from lika.governance.models.requests import RequestStep, ServiceRequest

__all__ = ["DutyTerm", "RequestStep", "ServiceRequest"]
