"""Placeholder."""


def refuse_unholdable(checked: object) -> None:
    return
