"""What townships and villages keep beside the register: who is answerable, requests of residents, surveys."""

from lika.governance.models.duties import DutyTerm

__all__ = ["DutyTerm"]
