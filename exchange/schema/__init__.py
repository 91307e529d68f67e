"""The documentation of the interface (OpenAPI 3): read when `manage.py spectacular` writes schema.yml."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from exchange.resources import RESOURCES, TABLES
from exchange.schema import operations
from exchange.schema.guide import GUIDE, PROBLEM, WORDS
from exchange.scopes import SCOPES

__all__ = ["TokenScheme", "finish", "operations"]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "exchange.authentication.TokenAuthentication"
    name = ["token", "oauth2"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        return [{name: []} for name in self.name]  # one of them is enough

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "Authorization: Token ct_…（令牌由县应急管理局的局管理员发放，只显示一次）",
            },
            {
                "type": "oauth2",
                "description": "凭客户端密钥取得一小时有效的令牌（RFC 6749 第4.4节），请求头写成 Authorization: Bearer cf_…",
                "flows": {"clientCredentials": {"tokenUrl": "/api/v1/oauth/token/", "scopes": SCOPES}},
            },
        ]


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Begin with the guide, say each refusal once among the components, and what a field is where it does not say so."""
    result["info"]["description"] = GUIDE
    # The page shows groups in this order: the entrance, then room by room from the ground.
    labels = [
        "入口",
        "变更记录",
        *(one.label for one in RESOURCES.values()),
        *(one.label for one in TABLES),
        "印证资料",
    ]
    result["tags"] = [{"name": str(label)} for label in dict.fromkeys(labels)]
    for name, shape in result["components"]["schemas"].items():
        for field, told in shape.get("properties", {}).items():
            words = WORDS.get(f"{name}.{field}") or WORDS.get(field)
            if words and "$ref" not in told:
                told.setdefault("description", words)
    said: dict[str, Any] = result["components"].setdefault("responses", {})
    for path in result["paths"].values():
        for operation in path.values():
            for code, response in operation["responses"].items():
                if PROBLEM in response.get("content", {}):
                    said[f"Refused{code}"] = response
                    operation["responses"][code] = {"$ref": f"#/components/responses/Refused{code}"}
    return result
