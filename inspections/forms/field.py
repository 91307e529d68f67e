"""What telephones send, read as strictly as what people type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.errors import Refused
from hazards.forms.register import CameraField
from hazards.models import Level
from inspections.models import Outcome
from inspections.services.field import Change, Seen, plain
from inspections.services.visits import Proposed

MOST_CHANGES = 200


class ClockField(forms.DateTimeField):
    """What the clock of a telephone shows, which may be anything; a moment that no database holds is refused."""

    def to_python(self, value: Any) -> dt.datetime | None:
        moment: dt.datetime | None = super().to_python(value)
        try:
            return moment and moment.astimezone(dt.UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class SeenForm(forms.Form):
    outcome = forms.ChoiceField(choices=Outcome.choices, required=False)
    words = forms.CharField(max_length=1000, required=False)
    place = forms.CharField(max_length=200, required=False)
    level = forms.ChoiceField(choices=Level.choices, required=False)
    due_on = forms.DateField(required=False)

    def seen(self) -> Seen:
        data = self.cleaned_data
        is_fault = data["outcome"] == Outcome.FAILED
        proposed = Proposed(data["place"], data["level"], data["due_on"]) if is_fault else Proposed()
        return Seen(data["outcome"], plain(data["words"]), proposed)


class TryForm(SeenForm):
    key = forms.UUIDField()


class ChangeForm(TryForm):
    item = forms.UUIDField()
    made_at = ClockField()


class OwnItemForm(forms.Form):
    """Something looked at that no checklist asked for; its key is the key of the item."""

    item = forms.UUIDField()
    section = forms.CharField(max_length=60, required=False)
    text = forms.CharField(max_length=500)


class PhotoForm(forms.Form):
    user = forms.IntegerField()
    key = forms.UUIDField()
    item = forms.UUIDField()
    made_at = ClockField()
    photo = CameraField(max_files=1)


def read_changes(sent: Any) -> list[Change]:
    """The answers in what a telephone sent. Raises Refused where it cannot be read."""
    return [_change(one) for one in rows_of(sent, "answers")]


def read_items(sent: Any) -> list[dict[str, Any]]:
    """The items that were added on the spot, as `add_result` takes them. Raises Refused where they cannot be read."""
    read = [checked(OwnItemForm(in_words(one))) for one in rows_of(sent, "items")]
    return [{"client_id": one["item"], "section": one["section"], "text": one["text"]} for one in read]


def rows_of(sent: Any, name: str) -> list[dict[str, Any]]:
    rows = sent.get(name, []) if isinstance(sent, dict) else None
    if not isinstance(rows, list) or len(rows) > MOST_CHANGES or not all(isinstance(one, dict) for one in rows):
        raise Refused("系统看不懂手机送来的内容，请联网刷新这个页面后再试。")
    return rows


def in_words(row: Any) -> dict[str, str]:
    """The answers of a row as a form sends them; whatever is no answer is left out."""
    given = row.items() if isinstance(row, dict) else ()
    return {name: str(value) for name, value in given if isinstance(value, str | int)}


def checked(form: forms.Form) -> dict[str, Any]:
    if not form.is_valid():
        lines = _sentences(form.errors.values())
        raise Refused(f"手机送来的内容有误：{lines}")
    return form.cleaned_data


def _sentences(errors: Iterable[Any]) -> str:
    return "".join(str(line) for lines in errors for line in lines)


def _change(one: dict[str, Any]) -> Change:
    form = ChangeForm(in_words(one))
    data = checked(form)
    base = SeenForm(in_words(one.get("base")))
    checked(base)
    tries = [TryForm(in_words(earlier)) for earlier in rows_of(one, "tries")]
    for earlier in tries:
        checked(earlier)
    return Change(
        client_id=data["key"], item=data["item"], seen=form.seen(), base=base.seen(), made_at=data["made_at"],
        tries=[(earlier.cleaned_data["key"], earlier.seen()) for earlier in tries],
    )  # fmt: skip
