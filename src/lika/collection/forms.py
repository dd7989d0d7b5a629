"""The upload, and the filters of imports and findings."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from lika.collection.choices import BatchState, ExportFormat
from lika.collection.exporting.actions import LONGEST_REASON
from lika.collection.reading.sources import MAX_FILE_BYTES

_ACCEPTED = ".xlsx,.csv,.tsv,.txt,.parquet,.zip"
_MEGABYTE = 1024 * 1024
ASSIGN = "assign"


class UploadForm(forms.Form):
    """A workbook and what to do with it."""

    file = forms.FileField(
        label=_("Workbook (.xlsx), or CSV or Parquet files, several in a ZIP"),
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": _("Choose a workbook."), "empty": _("The file is empty.")},
    )
    profile = forms.ChoiceField(
        label=_("Words of the file"),
        required=False,
        help_text=_("A file of another system has its own columns and codes: choose the profile that knows them."),
    )
    data_year = forms.IntegerField(
        label=_("Data year of members without one"),
        required=False,
        min_value=1900,
        max_value=2100,
        help_text=_("Only where the sheet of members leaves the data year empty."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    at_once = forms.BooleanField(
        label=_("Import at once if there is no error"),
        required=False,
        help_text=_("Otherwise the workbook is only checked; you decide when you have seen what was found."),
    )

    def __init__(
        self, *args: Any, profiles: Sequence[tuple[str, str]] = (), may_assign: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [(ASSIGN, _("Another system's: assign its columns now"))] if may_assign else []
        cast(forms.ChoiceField, self.fields["profile"]).choices = [("", _("Those of the template")), *profiles, *own]

    @property
    def assigns(self) -> bool:
        """Whether the columns of the file are to be assigned first."""
        return bool(self.cleaned_data.get("profile") == ASSIGN)

    def clean_file(self) -> forms.FileField:
        """Refuse what is too large before it is stored."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("The file is too large (%(limit)d MB at most).") % {"limit": MAX_FILE_BYTES // _MEGABYTE},
                params={"remedy": _("Import it township by township.")},
            )
        return file


class ImportFilterForm(forms.Form):
    """The select above the list of one's imports."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("All")), *BatchState.choices],
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )


class FindingFilterForm(forms.Form):
    """The selects above the findings of an import: those sheets and codes that were found."""

    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    code = forms.ChoiceField(label=_("Code"), required=False)

    def __init__(self, *args: Any, sheets: Sequence[tuple[str, str]], codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["sheet"]).choices = [("", _("All")), *sheets]
        cast(forms.ChoiceField, self.fields["code"]).choices = [("", _("All")), *((code, code) for code in codes)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"


class RunForm(forms.Form):
    """What to do with a workbook that was checked."""

    MODES = (("check", _("Check again")), ("import", _("Import")), ("good_rows", _("Import without faulty households")))
    mode = forms.ChoiceField(choices=MODES)


class ProfileForm(forms.Form):
    """What a profile is called and whose files it reads."""

    name = forms.RegexField(
        r"^[^\s@/\\?#]{2,60}$",
        label=_("Name of the profile"),
        help_text=_("Without spaces. Saved under a name that your office has used, it becomes the next version."),
        error_messages={"invalid": _("The name has 2 to 60 characters, without spaces.")},
    )
    title = forms.CharField(label=_("Title"), max_length=120)
    system = forms.CharField(label=_("System that the file comes from"), max_length=80)
    year = forms.IntegerField(label=_("Year of its layout"), required=False, min_value=1900, max_value=2100)
    division = forms.ChoiceField(label=_("Area"))

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["division"]).choices = places

    @property
    def about(self) -> dict[str, Any]:
        """What `layouts.notation` calls it."""
        given = self.cleaned_data
        return {"name": given["name"], "zh": given["title"], "en": given["title"], "system": given["system"],
                "year": given["year"]}  # fmt: skip


class ExportForm(forms.Form):
    """What of the register shall leave, and why."""

    division = forms.ChoiceField(label=_("Area"))
    data_year = forms.TypedChoiceField(label=_("Data year"), coerce=int)
    kind = forms.ChoiceField(label=_("File"), choices=ExportFormat.choices)
    layout = forms.ChoiceField(
        label=_("Layout"),
        required=False,
        help_text=_("That of another system holds audited rows alone, names people, and gets a receipt."),
    )
    personal = forms.BooleanField(
        label=_("With personal data (names, identity numbers, telephones, accounts)"),
        required=False,
        help_text=_("A second person must agree before the file is made."),
    )
    reason = forms.CharField(
        label=_("Purpose"),
        max_length=LONGEST_REASON,
        help_text=_("It is kept in the audit and stands in the file."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: object,
        places: Sequence[tuple[str, str]],
        years: Sequence[int],
        profiles: Sequence[tuple[str, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast(forms.ChoiceField, self.fields["layout"]).choices = [("", _("That of the import")), *profiles]
        cast(forms.ChoiceField, self.fields["division"]).choices = places
        cast(forms.ChoiceField, self.fields["data_year"]).choices = [(year, str(year)) for year in years]


class QueueForm(forms.Form):
    """Of which place and year, for which system, the sync queue is asked."""

    division = forms.ChoiceField(label=_("Area"))
    data_year = forms.TypedChoiceField(label=_("Data year"), coerce=int)
    layout = forms.ChoiceField(label=_("Layout"))

    def __init__(
        self,
        *args: object,
        places: Sequence[tuple[str, str]],
        years: Sequence[int],
        profiles: Sequence[tuple[str, str]],
        **kwargs: object,
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast(forms.ChoiceField, self.fields["division"]).choices = places
        cast(forms.ChoiceField, self.fields["data_year"]).choices = [(year, str(year)) for year in years]
        cast(forms.ChoiceField, self.fields["layout"]).choices = profiles


class ComparisonForm(forms.Form):
    """A file of another system that is to be laid beside the register."""

    file = forms.FileField(
        label=_("File of the other system"),
        widget=forms.ClearableFileInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": _("Choose a workbook."), "empty": _("The file is empty.")},
    )
    layout = forms.ChoiceField(label=_("Layout"))
    data_year = forms.TypedChoiceField(label=_("Data year"), coerce=int)

    def __init__(
        self, *args: object, years: Sequence[int], profiles: Sequence[tuple[str, str]], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        cast(forms.ChoiceField, self.fields["layout"]).choices = profiles
        cast(forms.ChoiceField, self.fields["data_year"]).choices = [(year, str(year)) for year in years]
