"""The words of another system for our nouns, fields and codes: data of its account.

    {"hazards": {"name": "yhxx", "fields": {"number": "yhbh"}, "codes": {"level": {"major": "1", "general": "2"}}}}

Every part may be left out. A field that is mapped to null is left out of what is given. What is packed or sent by the
clock is put into these words, what is fetched by the clock is read out of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from common.api import Resource
from exchange.models import ServiceAccount
from exchange.reading import names_of, records, visible_rows
from exchange.renderers import json_of
from exchange.resources import ACTS, RESOURCES, making

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
    noun = resource.name
    known = list(dict.fromkeys([*names_of(resource), *taken_names(noun)]))
    name, fields, codes = words.get("name", noun), words.get("fields", {}), words.get("codes", {})
    faults = []
    if not isinstance(name, str) or not name.replace("_", "").replace("-", "").isalnum():
        faults.append(f"“{noun}”的 name 只能用文字、数字、下划线和短横。")
    if not isinstance(fields, dict) or not all(value is None or isinstance(value, str) for value in fields.values()):
        return [*faults, f"“{noun}”的 fields 应是字段到名称的对照，名称写成文字；不给出的字段写 null。"]
    if not isinstance(codes, dict) or not all(isinstance(values, dict) for values in codes.values()):
        return [*faults, f"“{noun}”的 codes 应是字段到代码表的对照。"]
    faults += [f"“{noun}”没有字段“{field}”。" for field in [*fields, *codes] if field not in known]
    given = [fields.get(field, field) for field in names_of(resource) if fields.get(field, field) is not None]
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


def taken_names(noun: str) -> list[str]:
    """The fields of a noun that another system may give; none where only this one makes such records."""
    act = making(noun)
    return list(act.takes().fields) if act is not None and act.renews is not None else []


def noun_called(name: Any, mapping: Mapping[str, Any]) -> str | None:
    """Our noun for what the other system calls so, among those that it may give."""
    nouns = [act.noun for act in ACTS if act.renews is not None]
    return next((noun for noun in nouns if name_for(RESOURCES[noun], mapping) == name), None)


def names_there(noun: str, mapping: Mapping[str, Any]) -> dict[str, str]:
    """Our field → what the other system calls it, of those that it may give."""
    fields = mapping.get(noun, {}).get("fields", {})
    return {name: fields.get(name, name) for name in taken_names(noun) if fields.get(name, name) is not None}


def read(noun: str, record: Mapping[str, Any], mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A record in our words out of the other system's: the fields that may be given, and nothing else of it.

    A code that the mapping gives to two of our values means the first.
    """
    codes = mapping.get(noun, {}).get("codes", {})
    given = {}
    for ours, theirs in names_there(noun, mapping).items():
        if theirs not in record:
            continue
        meanings = {str(code): value for value, code in reversed(codes.get(ours, {}).items())}
        value = record[theirs]
        given[ours] = meanings.get(str(value), value) if isinstance(value, str | int) else value
    return given


def first_mapped(account: ServiceAccount, nouns: Iterable[str]) -> list[tuple[str, str]]:
    """The latest record of each of these nouns that the account sees, as it would be given: its name, and JSON to read."""
    shown = []
    for noun in nouns:
        resource = RESOURCES[noun]
        rows = visible_rows(resource, account.as_user()).order_by("-pk")[:1]
        found = records(resource, rows, set(names_of(resource)), account.as_user())
        for _, record in found:
            shown.append(_shown(noun, account, mapped(resource, record, account.mapping)))
    return shown


def expected_of(account: ServiceAccount, nouns: Iterable[str]) -> list[tuple[str, str]]:
    """What the other system has to give of each noun, with the words of our fields in place of values."""
    return [_shown(noun, account, expected(account, noun)) for noun in nouns if taken_names(noun)]


def _shown(noun: str, account: ServiceAccount, value: Any) -> tuple[str, str]:
    resource = RESOURCES[noun]
    text = json.dumps(json.loads(json_of(value)), ensure_ascii=False, indent=2)
    return f"{resource.label} · {name_for(resource, account.mapping)}", text


def expected(account: ServiceAccount, noun: str) -> dict[str, Any]:
    """One record as the other system has to give it, with the words of our fields in place of values."""
    mapping, act = account.mapping, making(noun)
    assert act is not None
    fields, codes = act.takes().fields, mapping.get(noun, {}).get("codes", {})
    told = {
        theirs: " / ".join(map(str, codes[ours].values())) if ours in codes else fields[ours].help_text or ours
        for ours, theirs in names_there(noun, mapping).items()
    }
    return {"noun": name_for(RESOURCES[noun], mapping), "id": "对方编号", "record": told}
