"""What forms of several apps share. Days are written as the browser's own field gives them: 2016-12-31."""

from collections.abc import Callable
from typing import Any

from django import forms

from lika.core.errors import NotFound, PermissionRefused, UserError

_DAY = "%Y-%m-%d"


class DayField(forms.DateField):
    """A day, by the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format=_DAY, attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=[_DAY], **options)


class ActionForm(forms.Form):
    """A form whose last word is an action's: what that refuses stands beside the field it names."""

    def accepts(self, act: Callable[[], object]) -> bool:
        """Whether an act went through; what can be mended stands in the form, a want of right or object is raised."""
        try:
            act()
        except (PermissionRefused, NotFound):
            raise
        except UserError as error:
            self.refuse(error)
            return False
        return True

    def refuse(self, error: UserError) -> None:
        """Show an action's refusal: at the field that it names, else above the form."""
        named = str(error.where.get("field", ""))
        self.add_error(
            named if named in self.fields else None,
            forms.ValidationError(f"{error.message} ({error.code})", params={"remedy": error.remedy}),
        )
