"""Papers on villages and counties: indicators, self-evaluation, the report of a third party (DOMAIN §5.7-5.9)."""

import datetime as dt
from dataclasses import dataclass

from lika.casework.papers.shared import Finding, Signature
from lika.core.papers import PaperData


@dataclass(frozen=True, kw_only=True)
class IndicatorSheet(PaperData):
    """指标核查表 of a household, a village or a county, with the state of the data that it was computed from."""

    unit: str
    basis: str
    time_point: dt.date
    findings: tuple[Finding, ...]
    conclusion: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, kw_only=True)
class SelfEvaluation(PaperData):
    """自评报告 of a village or a county."""

    addressee: str
    basis: str
    overview: tuple[str, ...]
    findings: tuple[Finding, ...]
    conclusion: str
    issuer: str


@dataclass(frozen=True)
class Sampled:
    """What the evaluators found in a place: households sampled and doubtful ones by kind."""

    place: str
    households: int
    missed: int
    wrongly_listed: int
    wrongly_exited: int


@dataclass(frozen=True, kw_only=True)
class EvaluationReport(PaperData):
    """第三方评估报告: by whom for whom, how, what was found place by place, the conclusion."""

    unit: str
    commissioned_by: str
    evaluator: str
    period: str
    method: tuple[str, ...]
    sampled: tuple[Sampled, ...]
    findings: tuple[str, ...]
    conclusion: str
