"""The answer to an import, as the command line, the page and the API show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from lika.collection.choices import BatchState
from lika.collection.findings import Finding
from lika.collection.rules import rule_of


@dataclass(frozen=True)
class ImportReport:
    """What an import found and did.

    `rows` counts the rows read by sheet; `counts` says by sheet how many are new, changed, unchanged or left out (what
    a dry run would do). `findings` holds at most a thousand of one kind, `finding_counts` counts them all. `profile` is
    NAME@VERSION of the words that the file used, empty for the form's own.
    """

    batch_id: UUID
    file_name: str
    state: BatchState
    dry_run: bool
    rows: Mapping[str, int]
    counts: Mapping[str, Mapping[str, int]]
    errors: int
    warnings: int
    findings: tuple[Finding, ...]
    finding_counts: Mapping[str, int]
    left_out: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)
    profile: str = ""

    @property
    def is_published(self) -> bool:
        """Whether the register now says what the workbook says, but for households left out."""
        return self.state in (BatchState.PUBLISHED, BatchState.UNCHANGED)

    def as_json(self) -> dict[str, Any]:
        """For machines: findings with their texts in the language of the moment."""
        return {
            "batch": str(self.batch_id),
            "file": self.file_name,
            "profile": self.profile,
            "state": str(self.state),
            "dry_run": self.dry_run,
            "rows": dict(self.rows),
            "counts": {sheet: dict(fates) for sheet, fates in self.counts.items()},
            "errors": self.errors,
            "warnings": self.warnings,
            "finding_counts": dict(self.finding_counts),
            "left_out": list(self.left_out),
            "seconds": dict(self.seconds),
            "findings": [
                {
                    **finding.as_json(),
                    "severity": str(rule_of(finding.code).severity),
                    "message": finding.message,
                    "remedy": finding.remedy,
                }
                for finding in self.findings
            ],
        }
