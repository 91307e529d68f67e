"""What other systems may send: fields out of the models, so that lengths and choices are declared once.

A field that is not known is refused, as a parameter is: a slip of the pen must not lose half of a report.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.transitions import Moves

MOST_WORDS = 5000
MOST_FILES = 12
FIRST_DAY, LAST_DAY = dt.date(1950, 1, 1), dt.date(2099, 12, 31)


def read_json(body: bytes) -> Any:
    """UTF-8 JSON that both databases can keep and every answer can quote; raises ValueError for any other.

    Refused are NUL, half characters, NaN, and numbers and depths beyond all measure.
    """
    try:
        data = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        text = json.dumps(data, ensure_ascii=False)
    except RecursionError as error:
        raise ValueError("too deep") from error
    text.encode()  # UnicodeError is a ValueError
    if "\\u0000" in text.replace("\\\\", ""):
        raise ValueError("NUL")
    return data


def _no_number(word: str) -> None:
    raise ValueError(word)


class Given(serializers.Serializer[Any]):
    """The body of one request. `context["user"]` is who sends it.

    `example` is what the documentation shows; where it is empty, one is made of the fields that are needed. `asides` are
    taken and not used: notes that whoever prepared the data keeps beside it.
    """

    example: ClassVar[Mapping[str, Any]] = {}
    asides: ClassVar[tuple[str, ...]] = ()
    default_error_messages = {"invalid": "这里应是一个 JSON 对象：{{…}}。"}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and self.asides:
            data = {name: value for name, value in data.items() if name not in self.asides}
        if isinstance(data, Mapping) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError(
                {name[:80]: ["没有这个字段，请对照接口说明核对。"] for name in unknown[:20]}
            )
        return super().to_internal_value(data)


class CodeField(serializers.ChoiceField):
    """One of some codes; a wrong one is answered with those that there are."""

    def fail(self, key: str, **kwargs: Any) -> None:
        if key == "invalid_choice":
            codes = "、".join(str(code) for code in self.choices)
            raise serializers.ValidationError(f"没有“{str(kwargs['input'])[:40]}”这个代码，可以用：{codes}。", code=key)
        super().fail(key, **kwargs)


class DayField(serializers.DateField):
    """A day within living memory: what lies beyond is a slip, and no rule can count from it."""

    def to_internal_value(self, value: Any) -> dt.date:
        day: dt.date = super().to_internal_value(value)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(f"日期应在{FIRST_DAY.year}年到{LAST_DAY.year}年之间。")
        return day


class VisibleField(serializers.PrimaryKeyRelatedField[Any]):
    """The key of a record that the sender sees; any other is answered as if there were none."""

    default_error_messages = {
        "does_not_exist": "没有编号为“{pk_value}”的记录，或者本账号看不到它，请核对编号。",
        "incorrect_type": "请给出记录的编号，不是{data_type}。",
    }

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        super().__init__(queryset=model._default_manager.none(), **kwargs)

    def get_queryset(self) -> Any:
        user = self.context.get("user")
        rows: Any = self.model._default_manager
        return rows.none() if user is None else rows.visible_to(user)


@extend_schema_field({"type": "string", "format": "binary"})
class UploadField(serializers.FileField):
    """One uploaded file."""


def words(model: type[Model], name: str, *, required: bool = True, most: int = MOST_WORDS) -> serializers.CharField:
    """Text for a field of a model, with its label and its length."""
    field = model._meta.get_field(name)
    return serializers.CharField(
        label=str(getattr(field, "verbose_name", name)),
        help_text=str(getattr(field, "verbose_name", name)),
        max_length=getattr(field, "max_length", None) or most,
        required=required,
        allow_blank=not required,
    )


def choice(model: type[Model], name: str, *, required: bool = True) -> CodeField:
    """One of a field's choices."""
    field: Any = model._meta.get_field(name)
    told = "，".join(f"{key} {label}" for key, label in field.flatchoices)
    return CodeField(
        choices=[key for key, _ in field.flatchoices], required=required, help_text=f"{field.verbose_name}：{told}"
    )


def of_model(model: type[Model], name: str, *, required: bool | None = None) -> serializers.Field[Any, Any, Any, Any]:
    """What a field of a model takes, by its kind; needed where the model needs it, unless told."""
    field: Any = model._meta.get_field(name)
    needed = not (field.blank or field.has_default()) if required is None else required
    label = f"{field.verbose_name}{f'；{field.help_text}' if field.help_text else ''}"
    if field.is_relation:
        return VisibleField(field.related_model, required=needed, allow_null=field.null, help_text=label)
    if field.choices:
        return choice(model, name, required=needed)
    if isinstance(field, models.DateField):
        return DayField(required=needed, allow_null=field.null, help_text=label)
    if isinstance(field, models.BooleanField):
        return serializers.BooleanField(required=needed, help_text=label)
    if isinstance(field, models.IntegerField):
        return serializers.IntegerField(min_value=0, max_value=32767, required=needed, help_text=label)
    if isinstance(field, models.DecimalField):
        return serializers.DecimalField(
            field.max_digits, field.decimal_places, min_value=Decimal(0), required=needed, allow_null=field.null,
            help_text=label,
        )  # fmt: skip
    return serializers.CharField(
        max_length=field.max_length or MOST_WORDS, required=needed, allow_blank=field.blank, help_text=label
    )


def day(label: str, *, required: bool = True) -> DayField:
    return DayField(required=required, allow_null=not required, help_text=label)


def note() -> serializers.CharField:
    return serializers.CharField(
        required=False, allow_blank=True, max_length=1000, help_text="说明；需要理由的动作必填"
    )


def move_of(name: str, moves: Moves, without: tuple[str, ...] = ()) -> type[Given]:
    """The body of a bare move: the action out of the noun's table of moves, and a note."""
    labels = {action: str(move.label) for (_, action), move in moves.items() if action not in without}
    told = "，".join(f"{action} {label}" for action, label in labels.items())
    fields = {
        "action": CodeField(choices=list(labels), help_text=f"动作，见 allowed_actions：{told}"),
        "note": note(),
    }
    return type(f"{name}Move", (Given,), {**fields, "__doc__": "办理一步。"})


def with_files(takes: type[Given]) -> type[Given]:
    """The same body as a form with files (multipart/form-data)."""
    files = serializers.ListField(
        child=UploadField(), required=False, max_length=MOST_FILES, help_text=f"印证资料，最多{MOST_FILES}个"
    )
    return type(f"{takes.__name__}WithFiles", (takes,), {"files": files, "__doc__": takes.__doc__})
