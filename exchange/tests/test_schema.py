"""The contract in the repository is the one that is served, and its page needs nothing from elsewhere."""

import re

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from exchange.views.accounts import SCHEMA


def test_schema_file_is_what_the_program_says():
    made = OpenApiYamlRenderer().render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={})
    assert SCHEMA.read_bytes() == made, "run: python manage.py spectacular --file schema.yml"


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
