"""The county that a row belongs to: the key by which the large tables can be laid on several databases.

What a county decides on has a `region`. Every line below it carries the same code as `county`, so that a row and its
lines lie on one machine. Which tables are large says `campaign_tracker/growth.py`, what to do with it docs/operations.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from django.apps.registry import Apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.functions import Cast, Coalesce, Substr

from .guards import set_aside

DIGITS = 6
"""Of the code of a county (GB/T 2260), with which the codes of its towns and villages begin."""
NAME = "county"
CHUNK = 5_000


class CountyField(models.CharField):  # type: ignore[type-arg]
    """The code of a row's county, taken from its head by itself whenever the row is inserted, and left alone by `save`.

    `of` is the way to the head's code: `hazard__region`, `reinspection__county`. Where the head is not at hand the
    INSERT itself looks it up, so that no way of writing asks the database once more. Empty is what belongs to none.
    """

    def __init__(self, of: str) -> None:
        self.of = of
        # The default is the database's: what a former version of the program inserts is filled in later.
        super().__init__("所属县（区）", max_length=DIGITS, blank=True, editable=False, db_default="")

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, _ = super().deconstruct()
        return name, path, [], {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        if not add:
            return models.F(self.attname)
        return _known(model_instance.__dict__.get(self.attname)) or self.at_hand(model_instance) or self._looked_up(
            model_instance
        )  # fmt: skip

    def at_hand(self, row: models.Model) -> str:
        """The code as far as the row's head was read already, else nothing."""
        *steps, last = self.of.split("__")
        head: Any = row
        for step in steps:
            reference: Any = head._meta.get_field(step)
            if not reference.is_cached(head) or (head := getattr(head, step)) is None:
                return ""
        return _known(head.__dict__.get(head._meta.get_field(last).attname))

    def codes_of(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterable[str]:
        """The code of each row, given as values in the order of `names`, in one query for all (`insert_rows`)."""
        first, _, rest = self.of.partition("__")
        reference: Any = self.model._meta.get_field(first)
        if reference.attname not in names:
            return [""] * len(rows)
        place = names.index(reference.attname)
        keys = [row[place] for row in rows]
        if not rest:
            return (_known(key) for key in keys)
        heads = reference.related_model._base_manager.filter(pk__in={key for key in keys if key is not None})
        codes = {key: code or "" for key, code in heads.order_by().values_list("pk", _cut(rest))}
        return (codes.get(key, "") for key in keys)

    def _looked_up(self, row: models.Model) -> Any:
        first, _, rest = self.of.partition("__")
        reference: Any = self.model._meta.get_field(first)
        key = getattr(row, reference.attname)
        if not rest or key is None:
            return _known(key)
        head = reference.related_model._base_manager.filter(pk=key).order_by().values(code=_cut(rest))
        return Coalesce(models.Subquery(head), models.Value(""))


def county_of(row: models.Model, *, by: Any = None) -> str:
    """The code of the county that a record belongs to as far as it is at hand, else that of who acts, else nothing."""
    # Not its type: who is logged in comes as a stand-in for the account.
    field, found = key_of(row._meta.model), ""
    if field is not None:
        found = _known(row.__dict__.get(field.attname))
        found = found or (field.at_hand(row) if isinstance(field, CountyField) else "")
    return found or _known(getattr(getattr(by, "unit", None), "region_id", ""))


def key_of(model: type[models.Model]) -> models.Field[Any, Any] | None:
    """The column that holds the county of a model's rows: `county`, or the `region` of what a county decides on."""
    for name in (NAME, "region"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return cast("models.Field[Any, Any]", field)
    return None


def follow_head(heads: models.QuerySet[Any], code: str) -> None:
    """Give the lines of rows that went to another county its code, and the lines of those, and the files about them."""
    model = heads.model
    for line in model._meta.apps.get_models():
        field = key_of(line)
        if isinstance(field, CountyField) and "__" in field.of:
            reference = line._meta.get_field(field.of.split("__")[0])
            if reference.related_model is model:
                lines = line._base_manager.filter(**{f"{reference.name}__in": heads.order_by().values("pk")})
                lines.exclude(county=code).update(county=code)
                follow_head(lines, code)
    evidence = model._meta.apps.get_model("common", "Evidence")
    keys = heads.order_by().values(key_as_text=Cast("pk", models.CharField(max_length=40)))
    about = evidence._base_manager.filter(content_type=ContentType.objects.get_for_model(model), object_id__in=keys)
    about.exclude(county=code).update(county=code)


class AddCounty(Operation):
    """Give tables of a room their key: `{"implementation": "hazard__region"}`.

    One statement for each table that neither database takes for a reason to write it anew, and one rendering for all.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, ways: Mapping[str, str]) -> None:
        self.ways = ways

    def describe(self) -> str:
        return f"Add the county to {', '.join(self.ways)}"

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for name, of in self.ways.items():
            state.models[app_label, name].fields[NAME] = CountyField(of)
        state.reload_models([(app_label, name) for name in self.ways])

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for name in self.ways:
            schema_editor.execute(
                f"ALTER TABLE {app_label}_{name} ADD COLUMN {NAME} varchar({DIGITS}) DEFAULT '' NOT NULL"
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for name in self.ways:
            schema_editor.execute(f"ALTER TABLE {app_label}_{name} DROP COLUMN {NAME}")


def fill_counties(apps: Apps, connection: BaseDatabaseWrapper, labels: Sequence[str] = ()) -> int:
    """Give every row the county of its head where it has another or none, and return how many there were.

    In chunks by primary key, each in its own transaction; twice does no harm. `labels` names the rooms; none means all.
    """
    count = 0
    for model in apps.get_models():
        field = key_of(model)
        if isinstance(field, CountyField) and not model._meta.proxy and (
            not labels or model._meta.app_label in labels
        ):  # fmt: skip
            count += sum(_fill(connection, rows, apps) for rows in _chunks(model, connection))
    return count


def _chunks(model: type[models.Model], connection: BaseDatabaseWrapper) -> Iterator[models.QuerySet[Any]]:
    rows = model._base_manager.using(connection.alias).order_by("pk")
    last: Any = None
    while keys := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:CHUNK]):
        last = keys[-1]
        yield rows.order_by().filter(pk__gte=keys[0], pk__lte=last)


def _fill(connection: BaseDatabaseWrapper, rows: models.QuerySet[Any], apps: Apps) -> int:
    model = rows.model
    wanted = list(_codes(model, apps, rows))
    with transaction.atomic(using=connection.alias):
        stale = [(part, code) for part, code in wanted if part.exclude(county=code).exists()]
        if not stale:
            return 0
        with set_aside(connection, model._meta.db_table):
            return sum(part.exclude(county=code).update(county=code) for part, code in stale)


def _codes(
    model: type[models.Model], apps: Apps, rows: models.QuerySet[Any]
) -> Iterator[tuple[models.QuerySet[Any], Any]]:
    """Parts of the rows, each with the expression of its county."""
    own = models.Subquery(
        model._base_manager.filter(pk=models.OuterRef("pk")).order_by().values(code=_cut(_whole_way(model)))
    )
    names = {field.name for field in model._meta.fields}
    if not {"content_type", "object_id"} <= names:
        yield rows, Coalesce(own, models.Value(""))
        return
    # What is told about any record: it belongs to the record's county, and else to that of whoever told it.
    for key in rows.values_list("content_type", flat=True).distinct():
        kind = apps.get_model("contenttypes", "ContentType")._base_manager.get(pk=key)
        part = rows.filter(content_type=key)
        try:
            about = apps.get_model(kind.app_label, kind.model)
        except LookupError:
            yield part, Coalesce(own, models.Value(""))
            continue
        found = about._base_manager.filter(pk=Cast(models.OuterRef("object_id"), about._meta.pk)).order_by()
        theirs = models.Subquery(found.values(code=_cut(_whole_way(about)))) if key_of(about) is not None else None
        yield part, Coalesce(*([theirs] if theirs is not None else []), own, models.Value(""))


def _whole_way(model: type[models.Model]) -> str:
    """The way from a row to the region at its end, past heads that have only their key."""
    field = key_of(model)
    if not isinstance(field, CountyField):
        return "region"
    *steps, last = field.of.split("__")
    if last != NAME:
        return field.of
    for step in steps:
        model = cast("type[models.Model]", model._meta.get_field(step).related_model)
    return "__".join([*steps, _whole_way(model)])


def _cut(way: str) -> models.expressions.Combinable:
    return models.F(way) if way.endswith(NAME) else Substr(way, 1, DIGITS)


def _known(code: Any) -> str:
    return code[:DIGITS] if isinstance(code, str) else ""
