"""What a service account may be allowed: which nouns it reads, and which it writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exchange.resources import ACTS, ENTRIES, ENTRY_OF, RESOURCES, TABLES

EVIDENCE, CHANGES = "evidence", "changes"
READABLE = {name: resource.label for name, resource in RESOURCES.items() if not resource.under} | {
    EVIDENCE: "印证资料",
    CHANGES: "变更记录",
    **{table.name: table.label for table in TABLES if not table.under},
}
WRITABLE = {name: label for name, label in READABLE.items() if name in {RESOURCES[act.noun].scope for act in ACTS}}
SCOPES: dict[str, str] = {f"{noun}:read": f"{label}：读取" for noun, label in READABLE.items()} | {
    f"{noun}:write": f"{label}：填报和办理" for noun, label in WRITABLE.items()
}
"""Scope → its words."""
OTHERS = "接口"


def under_entries(labels: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Nouns and their labels under the words of the navigation, as the choices of a form."""
    found: dict[str, list[tuple[str, str]]] = {entry: [] for entry in (*ENTRIES, OTHERS)}
    for noun, label in labels.items():
        found[ENTRY_OF.get(noun, OTHERS)].append((noun, str(label)))
    return [(entry, choices) for entry, choices in found.items() if choices]


GROUPS = [
    (f"读取：{entry}", [(f"{noun}:read", label) for noun, label in nouns]) for entry, nouns in under_entries(READABLE)
] + [("填报和办理", [(f"{noun}:write", label) for noun, label in WRITABLE.items()])]
"""The scopes as the choices of a form."""


def scope_words(scopes: list[str]) -> list[str]:
    return [SCOPES.get(scope, scope) for scope in scopes]
