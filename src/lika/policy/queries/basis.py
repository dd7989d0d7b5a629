"""What the basis of something in a pack says of it: one meaning for every view and line."""

from lika.policy.choices import Basis


class Based:
    """Something whose `basis` is told beside it."""

    basis: Basis

    @property
    def missing(self) -> bool:
        """Whether no document at hand lays it down (待补充依据)."""
        return self.basis is Basis.MISSING

    @property
    def demo(self) -> bool:
        """Whether it was set for the demonstration."""
        return self.basis is Basis.DEMO
