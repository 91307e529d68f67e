"""The words of another system for our nouns, fields and codes: data of its account, applied to what is packed for it.

    {"hazards": {"name": "yhxx", "fields": {"number": "yhbh"}, "codes": {"level": {"major": "1", "general": "2"}}}}

Every part may be left out. A field that is mapped to null is left out of what is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from common.api import Resource
from exchange.models import ServiceAccount
from exchange.reading import names_of, records, visible_rows
from exchange.renderers import json_of
from exchange.resources import RESOURCES

PARTS = ("name", "fields", "codes")


def faults_of(mapping: Any) -> list[str]:
    """What is wrong with a mapping, in sentences; nothing when it can be used."""
    if not isinstance(mapping, dict):
        return ['字段对照应是一个对象，例如 {"hazards": {"fields": {"number": "yhbh"}}}。']
    faults: list[str] = []
    for noun, words in mapping.items():
        if noun not in RESOURCES:
            faults.append(f"没有“{noun}”这项内容，可以用：{'、'.join(RESOURCES)}。")
        elif not isinstance(words, dict) or set(words) - set(PARTS):
            faults.append(f"“{noun}”下面只能有 name、fields、codes。")
        else:
            faults += _faults_of_noun(RESOURCES[noun], words)
    names = [words.get("name", noun) for noun, words in mapping.items() if isinstance(words, dict)]
    if not faults and len(set(names)) < len(names):
        faults.append("两项内容不能用同一个名称。")
    return faults


def _faults_of_noun(resource: Resource, words: Mapping[str, Any]) -> list[str]:
    known, noun = names_of(resource), resource.name
    name, fields, codes = words.get("name", noun), words.get("fields", {}), words.get("codes", {})
    faults = []
    if not isinstance(name, str) or not name.replace("_", "").replace("-", "").isalnum():
        faults.append(f"“{noun}”的 name 只能用文字、数字、下划线和短横。")
    if not isinstance(fields, dict) or not all(value is None or isinstance(value, str) for value in fields.values()):
        return [*faults, f"“{noun}”的 fields 应是字段到名称的对照，名称写成文字；不给出的字段写 null。"]
    if not isinstance(codes, dict) or not all(isinstance(values, dict) for values in codes.values()):
        return [*faults, f"“{noun}”的 codes 应是字段到代码表的对照。"]
    faults += [f"“{noun}”没有字段“{field}”。" for field in [*fields, *codes] if field not in known]
    given = [fields.get(field, field) for field in known if fields.get(field, field) is not None]
    if len(set(given)) < len(given):
        faults.append(f"“{noun}”有两个字段用了同一个名称。")
    return faults


def name_for(resource: Resource, mapping: Mapping[str, Any]) -> str:
    """What the other system calls a noun."""
    name: str = mapping.get(resource.name, {}).get("name", resource.name)
    return name


def headings(resource: Resource, mapping: Mapping[str, Any]) -> dict[str, str]:
    """Our field → what the other system calls it, without those that it does not want."""
    fields = mapping.get(resource.name, {}).get("fields", {})
    return {name: fields.get(name, name) for name in names_of(resource) if fields.get(name, name) is not None}


def mapped(resource: Resource, record: Mapping[str, Any], mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A record in the other system's words; its parts stay as they are."""
    codes, names = mapping.get(resource.name, {}).get("codes", {}), headings(resource, mapping)
    own = set(names_of(resource))
    return {
        names.get(name, name): codes[name].get(str(value), value) if name in codes else value
        for name, value in record.items()
        if name in names or name not in own
    }


def first_mapped(account: ServiceAccount) -> list[tuple[str, str]]:
    """The latest record of each mapped noun that the account sees, as it would be given: its name, and JSON to read."""
    shown = []
    for noun in account.mapping:
        resource = RESOURCES[noun]
        rows = visible_rows(resource, account.as_user()).order_by("-pk")[:1]
        found = records(resource, rows, set(names_of(resource)), account.as_user())
        for _, record in found:
            text = json.dumps(
                json.loads(json_of(mapped(resource, record, account.mapping))), ensure_ascii=False, indent=2
            )
            shown.append((f"{resource.label} · {name_for(resource, account.mapping)}", text))
    return shown
