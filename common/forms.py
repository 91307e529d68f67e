"""Forms as every page shows them: dressed fields, files checked by size, and a refusal put beside its field."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.generic.edit import FormView

from common.errors import NotAllowed, Refused
from common.faults import note_refusal
from common.navigation import back_address

MEGABYTE = 1024 * 1024
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


class PageForm(forms.Form):
    """A form of the house. `sections` groups the fields under headings; without it all stand in one row of fields.

    `draft` names the form for the browser's draft; an empty name keeps none (log-in, filters, one-button forms).
    """

    sections: Sequence[tuple[str, Sequence[str]]] = ()
    draft = "form"
    label_suffix = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        dress(self.fields.values())

    def grouped_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The visible fields under their headings; fields that no section names come last, without a heading."""
        named = {name for _, names in self.sections for name in names}
        groups = [(title, [self[name] for name in names if name in self.fields]) for title, names in self.sections]
        rest = [field for field in self.visible_fields() if field.name not in named]
        return [group for group in [*groups, ("", rest)] if group[1]]

    def add_refusal(self, refusal: Refused) -> None:
        """Put a refusal of the rules where it belongs: beside its fields, or above the form."""
        placed = False
        for name, sentences in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentences)
            placed = True
        if not placed or refusal.message not in {line for lines in refusal.fields.values() for line in lines}:
            self.add_error(None, refusal.message)


class PageModelForm(PageForm, forms.ModelForm):  # type: ignore[type-arg]
    """The same for plain edits of reference data."""


class GroupedCheckboxes(forms.CheckboxSelectMultiple):
    """Many boxes under headings, with a button at each heading that ticks all below it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return render_to_string("components/grouped_choices.html", self.get_context(name, value, attrs))


def dress(fields: Iterable[forms.Field]) -> None:
    """Give each field the control that a person expects: a calendar for a date, room for a text, no English words."""
    for field in fields:
        widget = field.widget
        if isinstance(field, forms.DateTimeField) and type(widget) is forms.DateTimeInput:
            field.widget = _moved(
                widget, forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
            )
            field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
            field.validators = [*field.validators, check_year]
        elif isinstance(field, forms.DateField) and type(widget) is forms.DateInput:
            # The bounds also keep browsers from taking a fifth digit of the year.
            bounds = {"type": "date", "min": FIRST_DAY.isoformat(), "max": LAST_DAY.isoformat()}
            field.widget = _moved(widget, forms.DateInput(attrs=bounds, format="%Y-%m-%d"))
            field.validators = [*field.validators, check_year]
        elif isinstance(widget, forms.Textarea):
            if widget.attrs.get("rows") == "10":
                widget.attrs["rows"] = "5"
            widget.attrs.pop("cols", None)
        elif isinstance(widget, forms.TextInput):
            widget.attrs.setdefault("autocomplete", "off")
        if isinstance(field, forms.ModelChoiceField):
            # Its choices are a query that the form may still narrow: they must not be read here.
            field.empty_label = "请选择" if field.empty_label == "---------" else field.empty_label
        elif isinstance(field, forms.ChoiceField) and type(widget) is forms.Select:
            choices: Any = field.choices
            field.choices = [(key, "请选择" if key in ("", None) else label) for key, label in choices]


def check_year(day: dt.date) -> None:
    """Refuse a slip of the finger in the year, such as 0206: everything that counts days or periods believes it."""
    if not FIRST_DAY.year <= day.year <= LAST_DAY.year:
        raise ValidationError(f"年份应在{FIRST_DAY.year}到{LAST_DAY.year}之间，请检查是否输错。", code="year")


def _moved(old: forms.Widget, new: forms.Widget) -> forms.Widget:
    new.attrs = {**new.attrs, **old.attrs}
    new.is_required = old.is_required
    new.is_localized = False
    return new


def is_key_of(model: type[Model], value: Any) -> bool:
    """Whether a value that a form sent can be a key of `model` at all; the databases fail at a number too large."""
    try:
        model._meta.pk.clean(value, None)
    except (ValidationError, ValueError, OverflowError):
        return False
    return True


class RowsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows to choose from. A key that no row can have is a fault of the field, as one that no row has is."""

    def clean(self, value: Any) -> QuerySet[Any]:
        rows = self.queryset
        assert rows is not None
        for key in value if isinstance(value, list | tuple) else ():
            if self.to_field_name is None and not is_key_of(rows.model, key):
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(key)[:40]})
        return super().clean(value)


class UploadField(forms.FileField):
    """A file of at most `max_bytes` whose name ends in one of `endings` (".docx"); the browser checks both first.

    What a file truly is must be found in its bytes by whoever reads it: a name proves nothing.
    """

    def __init__(self, *, endings: Sequence[str] = (), max_bytes: int = 20 * MEGABYTE, **kwargs: Any) -> None:
        self.endings = tuple(ending.lower() for ending in endings)
        self.max_bytes = max_bytes
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs: dict[str, Any] = {**super().widget_attrs(widget), "data-max-bytes": str(self.max_bytes)}
        return attrs | ({"accept": ",".join(self.endings)} if self.endings else {})

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploaded = super().clean(data, initial)
        if isinstance(uploaded, UploadedFile):
            size, name = uploaded.size or 0, uploaded.name or ""
            if size > self.max_bytes:
                raise ValidationError(
                    f"“{name}”有 {size / MEGABYTE:.1f} MB，超过 {self.max_bytes / MEGABYTE:g} MB 的上限。"
                    "请压缩或分开后再上传。",
                    code="too_large",
                )
            if self.endings and not name.lower().endswith(self.endings):
                raise ValidationError(
                    f"“{name}”的类型不能上传，可以上传：{'、'.join(self.endings)}。", code="wrong_type"
                )
        return uploaded


class ManyFiles(forms.ClearableFileInput):
    """The control for several files at once."""

    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files, each checked as `UploadField` checks one; answers a list, empty where none was chosen."""

    widget = ManyFiles

    def __init__(self, *, max_files: int = 20, **kwargs: Any) -> None:
        self.max_files = max_files
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(chosen) > self.max_files:
            raise ValidationError(f"一次最多上传{self.max_files}个文件，请分几次上传。", code="too_many")
        if not chosen:
            super().clean(None, initial)
        return [super(UploadsField, self).clean(one, initial) for one in chosen]


class FormPage(FormView):  # type: ignore[type-arg]
    """A page with one form whose work is done by a service.

    Subclasses give `form_class` (a `PageForm`), `title`, and `perform(form)`, which calls the service and answers
    the sentence to show. A refusal comes back beside its field with everything typed still there (422). After
    success the user lands where they came from (`back`), else at `get_success_url()`.
    """

    template_name = "components/form_page.html"
    title = ""
    submit = "保存"
    success_url = "/"
    stays = False
    """Whether the user lands on what was made, wherever they came from; 取消 still leads back."""

    def perform(self, form: Any) -> str:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "title": self.title,
            "submit": self.submit,
            "back": back_address(self.request, self.get_success_url()),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            words = self.perform(form)
        except NotAllowed:
            raise
        except Refused as refusal:
            note_refusal(self.request, refusal)
            form.add_refusal(refusal)
            return self.form_invalid(form)
        if words:
            messages.success(self.request, words)
        made = self.get_success_url()
        return HttpResponseRedirect(made if self.stays else back_address(self.request, made))

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response
