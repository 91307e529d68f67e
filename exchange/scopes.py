"""What a service account may be allowed: which nouns it reads."""

from __future__ import annotations

from exchange.resources import RESOURCES

EVIDENCE, CHANGES = "evidence", "changes"
READABLE = {name: resource.label for name, resource in RESOURCES.items()} | {
    EVIDENCE: "印证资料",
    CHANGES: "变更记录",
}
SCOPES: dict[str, str] = {f"{noun}:read": f"{label}：读取" for noun, label in READABLE.items()}
"""Scope → its words."""


def scope_words(scopes: list[str]) -> list[str]:
    return [SCOPES.get(scope, scope) for scope in scopes]
