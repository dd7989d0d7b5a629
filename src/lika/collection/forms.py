"""The upload."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.collection.reading.archive import MAX_FILE_BYTES

_MEGABYTE = 1024 * 1024


class UploadForm(forms.Form):
    """A workbook and what to do with it."""

    file = forms.FileField(
        label=_("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx"}),
        error_messages={"required": _("Choose a workbook."), "empty": _("The file is empty.")},
    )
    data_year = forms.IntegerField(
        label=_("Data year of members without one"),
        required=False,
        min_value=1900,
        max_value=2100,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    at_once = forms.BooleanField(
        label=_("Import at once if there is no error"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def clean_file(self) -> forms.FileField:
        """Refuse what is too large before it is stored."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("The workbook is too large (%(limit)d MB at most).") % {"limit": MAX_FILE_BYTES // _MEGABYTE}
            )
        return file


class RunForm(forms.Form):
    """What to do with a workbook that was checked."""

    MODES = (("check", _("Check again")), ("import", _("Import")), ("good_rows", _("Import without faulty households")))
    mode = forms.ChoiceField(choices=MODES)
