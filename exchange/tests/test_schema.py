"""The contract in the repository is the one that is served, and its page needs nothing from elsewhere."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from exchange.resources import ACTS
from exchange.schema.guide import example_of
from exchange.views.accounts import SCHEMA


def test_schema_file_is_what_the_program_says():
    made = OpenApiYamlRenderer().render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={})
    assert SCHEMA.read_bytes() == made, "run: python manage.py spectacular --file schema.yml"


def test_every_operation_is_told_in_words_and_every_body_has_an_example_that_is_taken():
    """Keys aside: whoever pastes an example puts in those that they have read."""
    served = yaml.load(SCHEMA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for path, operations in served["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert all(one["description"] for one in operation.get("parameters", ())), (method, path)
    for name, shape in served["components"]["schemas"].items():
        untold = [field for field, one in shape.get("properties", {}).items() if not one.get("description")]
        assert not [field for field in untold if "$ref" not in str(shape["properties"][field])], (name, untold)
    for act in ACTS:
        serializer = act.takes(data=example_of(act.takes))
        serializer.is_valid()
        faults = {code for codes in field_codes(serializer.errors) for code in codes}
        assert faults <= {"does_not_exist"}, (act.noun, act.label, serializer.errors)


def field_codes(errors: Any) -> Iterator[set[str]]:
    for inner in errors.values() if isinstance(errors, dict) else errors:
        if isinstance(inner, dict | list):
            yield from field_codes(inner)
        else:
            yield {inner.code}


def test_docs_page_is_public_and_loads_only_our_own_files():
    page = Client().get("/api/docs/")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert loaded and all(address.startswith(("/static/", "/api/")) for address in loaded)
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_schema_is_public():
    answer = Client().get("/api/v1/schema/")
    assert answer.status_code == 200 and b"list_hazards" in answer.content
