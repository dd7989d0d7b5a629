"""Every field of every model says how private it is; `tests/test_architecture.py` refuses a field that does not.

A model declares `privacy = {"field": Privacy.…}` for all its fields. Masking is here too: one way
to hide a value, used by every screen, posting and export.
"""

from enum import StrEnum


class Privacy(StrEnum):
    """How far a value may travel."""

    PUBLIC = "public"  # may stand on a public notice
    INTERNAL = "internal"  # officials in scope
    PERSONAL = "personal"  # identifies or describes one person: masked by role
    SENSITIVE = "sensitive"  # identity numbers, accounts, health: encrypted or revealed with a reason


def all_are(privacy: Privacy, names: str) -> dict[str, Privacy]:
    """The table of several fields of one class; names with spaces between."""
    return dict.fromkeys(names.split(), privacy)


def mask_name(name: str) -> str:
    """张三丰 -> 张**; a single character stays hidden altogether."""
    return name[:1] + "*" * max(1, len(name) - 1) if len(name) > 1 else "*"


def mask_number(number: str) -> str:
    """Identity numbers and accounts: the first three and the last two characters stay."""
    if len(number) <= 6:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"


def mask_phone(phone: str) -> str:
    """138****1234."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) == 11 else "*" * len(phone)


def mask_address(address: str) -> str:
    """At most the first six characters stay and never the last two: enough for the place, not for the door."""
    return f"{address[: min(6, max(0, len(address) - 2))]}…" if address else ""
