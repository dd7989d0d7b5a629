"""Faults found before Django's translations exist: both languages travel with the message."""

import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """One text in the two languages of the product."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if language() == "en" else self.zh


def language() -> str:
    """The language of the terminal: "en" when LIKA_LANG or the locale says so, else "zh-hans"."""
    for name in ("LIKA_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").strip().lower()
        if value:
            return "en" if value.startswith("en") else "zh-hans"
    return "zh-hans"


class StartFault(Exception):
    """Something outside the program keeps it from starting; the person at the terminal can mend it.

    The pre-Django sibling of `lika.core.errors.UserError`: stable code, message, remedy.
    """

    def __init__(self, code: str, message: Words, remedy: Words) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.code} {self.message}\n  → {self.remedy}"


class StartFaults(StartFault):
    """Several faults found in one go: all are reported at once."""

    def __init__(self, faults: Sequence[StartFault]) -> None:
        super().__init__(faults[0].code, faults[0].message, faults[0].remedy)
        self.faults = tuple(faults)

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


def no_web_role() -> StartFault:
    """RUN-016: on a database of one's own nobody has said as whom pages are served; never silently as the owner."""
    return StartFault(
        "RUN-016",
        Words(
            "未设 LIKA_WEB_DATABASE_URL：网页不能以数据表所有者的身份提供服务。",
            "LIKA_WEB_DATABASE_URL is not set: pages are not served as the owner of the tables.",
        ),
        Words(
            "请数据库管理员执行 CREATE ROLE lika_web LOGIN PASSWORD …；设 LIKA_WEB_DATABASE_URL；再运行 lika migrate。",
            "Have CREATE ROLE lika_web LOGIN PASSWORD … run, set LIKA_WEB_DATABASE_URL, then run lika migrate.",
        ),
    )


def no_portal_role() -> StartFault:
    """RUN-019: on a database of one's own nobody has said as whom strangers are answered; never as the owner."""
    return StartFault(
        "RUN-019",
        Words(
            "未设 LIKA_PORTAL_DATABASE_URL：公开网页不能以数据表所有者的身份提供服务。",
            "LIKA_PORTAL_DATABASE_URL is not set: the public pages are not served as the owner of the tables.",
        ),
        Words(
            "请数据库管理员执行 CREATE ROLE lika_portal LOGIN PASSWORD …；"
            "设 LIKA_PORTAL_DATABASE_URL；再运行 lika migrate。",
            "Have CREATE ROLE lika_portal LOGIN PASSWORD … run, set LIKA_PORTAL_DATABASE_URL, then run lika migrate.",
        ),
    )
