"""What a service account may be allowed: which nouns it reads, and which it writes."""

from __future__ import annotations

from exchange.resources import ACTS, RESOURCES, TABLES

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
GROUPS = [
    ("读取", [(f"{noun}:read", label) for noun, label in READABLE.items()]),
    ("填报和办理", [(f"{noun}:write", label) for noun, label in WRITABLE.items()]),
]
"""The same for a form."""


def scope_words(scopes: list[str]) -> list[str]:
    return [SCOPES.get(scope, scope) for scope in scopes]
