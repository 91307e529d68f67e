"""Exchange lines at work: a portion is drawn up, sent or fetched, and acknowledged; the next begins where it ended.

A line that has come to its time stays due until there is nothing more. What goes out follows the feed of changes
(`exchange/changes.py`), and each portion is written down before it leaves, so that every attempt sends the same bytes
under the same `Idempotency-Key`. What is fetched is written together with the place up to which it was fetched. A worker
may be killed at any moment: nothing is left out and nothing counts twice.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from rest_framework.exceptions import NotFound

from common import outbox
from common.errors import Refused
from common.history import record
from common.inputs import read_json
from common.outbox import NotDelivered
from exchange.changes import events_after, visible_changes
from exchange.mapping import mapped, name_for, names_there, noun_called, read
from exchange.models import ExchangeLine, ExternalId, Receipt
from exchange.problems import field_paths
from exchange.reading import add_parts, names_of, parts_of, records, visible_rows
from exchange.renderers import json_of
from exchange.resources import RESOURCES, making
from exchange.services.upserts import NAME, upsert_record
from supervision.channels.web import Answer, ask
from units.models import Unit, User
from units.rules import rule

ATTEMPTS = "exchange_attempts"
PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 720)]
"""How long to wait after the first, second, … attempt; the last one again, where a region sets more attempts."""
LOOKED = 5000
"""Changes of the feed that are looked through at once."""
PORTION = 500
"""Records in one portion at most."""
ASKED = 100
"""Records that are asked for at once: they are written in one transaction."""
MOST_BYTES = 8 * 1024 * 1024
MOST_WORDS = 300
CREDIT_CODE = 18
ODD = "对方的应答不是约定的格式："


def run_lines(*, now: dt.datetime | None = None, seconds: float = 45) -> Counter[str]:
    """Work on every line that is due, for at most so many seconds; answers how many receipts came to which state."""
    at = now or timezone.now()
    outbox.lost_rows(Receipt, at).update(state=Receipt.State.WAITING, claim=None, next_attempt_at=at)
    running = ExchangeLine.objects.running()
    for pk in list(running.filter(next_run_at__lte=at).order_by("next_run_at").values_list("pk", flat=True)):
        draw_up(pk, at)
    return _work_off(Receipt.objects.filter(line__in=running.order_by().values("pk")), now, seconds)


def run_line(line: ExchangeLine, *, seconds: float = 120) -> Counter[str]:
    """Work on one line that was asked for by hand, also where the clock leaves it alone."""
    draw_up(line.pk, timezone.now())
    return _work_off(Receipt.objects.filter(line=line), None, seconds)


def draw_up(pk: int, now: dt.datetime) -> None:
    """Write down the next portion of a due line, if it has one and none is under way; else wait for its next time."""
    while _draw_up(pk, now):
        pass


@transaction.atomic
def _draw_up(pk: int, now: dt.datetime) -> bool:
    """Look at one portion of the feed; True where nothing in it was for the other side, and there may be more."""
    rows = ExchangeLine.objects.filter(next_run_at__lte=now).select_for_update(of=("self",)).for_list()
    line = rows.filter(pk=pk).first()
    if line is None or line.receipts.open().exists():
        return False
    number = (line.receipts.aggregate(last=Max("number"))["last"] or 0) + 1
    if not line.is_push:
        Receipt.objects.create(line=line, number=number, starts=line.cursor, next_attempt_at=now)
        return False
    found = events_after(line.after, LOOKED)
    if not found:
        _wait(line, now)
        return False
    keys, ends = _touched(line, found)
    told = _records_of(line, keys)
    if not told:
        line.after = ends
        line.save(update_fields=["after"])
        return True
    receipt = Receipt(line=line, number=number, starts=line.after, ends=ends, count=len(told), next_attempt_at=now)
    content = {"receipt": receipt.key, "number": number, "from": line.after, "to": ends, "count": len(told)}
    body = json_of(content | {"records": told})
    receipt.body, receipt.sha256 = body.decode(), hashlib.sha256(body).hexdigest()
    receipt.save()
    return False


def _wait(line: ExchangeLine, now: dt.datetime) -> None:
    """Nothing more for now."""
    line.ran_at, line.next_run_at = now, line.next_time(now) if line.is_on else None
    line.save(update_fields=["ran_at", "next_run_at"])


def _touched(line: ExchangeLine, found: list[tuple[int, Any]]) -> tuple[dict[str, set[str]], int]:
    """The records that these changes were about, by noun, a portion at most; and the last change that is counted in."""
    account = line.account
    keys: dict[str, set[str]] = {}
    ends = found[-1][0]
    for change in visible_changes(account.as_user(), found, account.scopes, line.nouns):
        known = keys.setdefault(change["noun"], set())
        if change["id"] not in known and sum(map(len, keys.values())) == PORTION:
            return keys, change["sequence"] - 1
        known.add(change["id"])
    return keys, ends


def _records_of(line: ExchangeLine, keys: dict[str, set[str]]) -> list[dict[str, Any]]:
    """These records as they are now and as the account sees them, in the words of the other side; or that they are gone."""
    account = line.account
    user = account.as_user()
    told: list[dict[str, Any]] = []
    for noun, ids in keys.items():
        resource = RESOURCES[noun]
        now_there = records(resource, visible_rows(resource, user).filter(pk__in=ids), set(names_of(resource)), user)
        add_parts(resource, now_there, parts_of(resource), user)
        name = name_for(resource, account.mapping)
        told += [
            {"noun": name, "id": str(key), "record": mapped(resource, one, account.mapping)} for key, one in now_there
        ]
        gone = ids - {str(key) for key, _ in now_there}
        told += [{"noun": name, "id": key, "gone": True} for key in sorted(gone)]
    return told


def _work_off(receipts: QuerySet[Receipt], now: dt.datetime | None, seconds: float) -> Counter[str]:
    result: Counter[str] = Counter()
    run = outbox.Run(now=now, seconds=seconds, patience=1)
    for batch in run.batches(receipts.select_related("line__account__user__unit", "line__account__region").all, "line"):
        for receipt in batch:
            if not run.is_silent(receipt.line_id) and (state := _exchange(receipt, run)):
                result[state] += 1
    return result


def _exchange(receipt: Receipt, run: outbox.Run) -> str:
    if not outbox.take(receipt):
        return ""
    line, now = receipt.line, run.at
    fault = outbox.attempt(receipt, lambda: _send(receipt, now) if line.is_push else _fetch(receipt, now))
    run.heard(receipt.line_id, fault)
    if fault is None:
        draw_up(line.pk, now)
        return Receipt.State.SENT
    words = str(fault)[:300]
    ExchangeLine.objects.filter(pk=line.pk).update(error=words, ran_at=now)
    attempts = rule(ATTEMPTS, _home(line).region_id)
    pauses = [PAUSES[min(place, len(PAUSES) - 1)] for place in range(attempts - 1)]
    return outbox.put_off(receipt, now=now, pauses=pauses, error=words)


def _home(line: ExchangeLine) -> Unit:
    unit = line.account.user.unit
    assert unit is not None, "a service account always has a unit"
    return unit


def _headers(line: ExchangeLine) -> dict[str, str]:
    return {"Authorization": line.credential} if line.credential else {}


# -- out -------------------------------------------------------------------------------------------------------------


def _send(receipt: Receipt, now: dt.datetime) -> None:
    """Send a portion and note what the other side says of it."""
    line, body = receipt.line, receipt.body.encode()
    digest = base64.b64encode(bytes.fromhex(receipt.sha256)).decode()
    headers = {"Idempotency-Key": str(receipt.key), "Content-Digest": f"sha-256=:{digest}:"}
    told = _told(ask("POST", line.address, body, headers | _headers(line)), receipt)
    with transaction.atomic():
        if outbox.finish(receipt, Receipt.State.SENT, body="", error="", ended_at=timezone.now(), **told):
            ExchangeLine.objects.filter(pk=line.pk).update(after=int(receipt.ends), ran_at=now, worked_at=now, error="")
            _note(receipt, "exchangeline.sent", told)


def _told(answer: Answer, receipt: Receipt) -> dict[str, Any]:
    """Number, counts and refusals out of an answer; a 2xx answer without them is an answer all the same."""
    try:
        content = read_json(answer.content)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        content = {}
    listed = content.get("refused")
    refusals = [
        {name: str(one.get(name, ""))[:MOST_WORDS] for name in ("noun", "id", "detail")}
        for one in (listed if isinstance(listed, list) else [])[: receipt.count]
        if isinstance(one, dict)
    ]
    return {
        "answer_status": answer.status,
        "answer_number": str(content.get("number") or "")[:120],
        "taken": _count(content.get("taken")),
        "unchanged": _count(content.get("unchanged")),
        "refused": len(refusals) if isinstance(listed, list) else _count(listed),
        "refusals": refusals,
    }


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _note(receipt: Receipt, verb: str, told: dict[str, Any]) -> None:
    """Write into the history what left or came, in the name of the account."""
    after = {"number": receipt.number, "count": receipt.count, "sha256": receipt.sha256}
    counts = {name: told[name] for name in ("taken", "unchanged", "refused")}
    record(verb, receipt.line, by=receipt.line.account.user, after=after | counts)


# -- in --------------------------------------------------------------------------------------------------------------


def _fetch(receipt: Receipt, now: dt.datetime) -> None:
    """Ask for what comes after the last place, and write it down together with the next one."""
    line = receipt.line
    address = _asking(line.address, {"after": receipt.starts, "limit": str(ASKED)})
    answer = ask("GET", address, headers={"Accept": "application/json"} | _headers(line), most_bytes=MOST_BYTES)
    results, following, more = _page(answer, receipt.starts)
    with transaction.atomic():
        line = ExchangeLine.objects.select_for_update(of=("self",)).for_list().get(pk=line.pk)
        user = line.account.as_user()
        outcome: Counter[str] = Counter()
        refusals = []
        for one in results:
            try:
                outcome[_take_over(line, user, one)] += 1
            except Refused as refusal:
                noun, key = (str(one.get(name, ""))[:120] for name in ("noun", "id"))
                refusals.append({"noun": noun, "id": key, "detail": refusal.message[:MOST_WORDS]})
        receipt.count, receipt.sha256 = len(results), hashlib.sha256(answer.content).hexdigest()
        told = {
            "taken": outcome["taken"], "unchanged": outcome["unchanged"], "refused": len(refusals),
        }  # fmt: skip
        kept = outbox.finish(
            receipt, Receipt.State.SENT, ends=following, count=receipt.count, sha256=receipt.sha256, error="",
            answer_status=answer.status, refusals=refusals, ended_at=timezone.now(), **told,
        )  # fmt: skip
        if not kept:  # taken for lost, and somebody else is at it: what was written here counts for nothing
            transaction.set_rollback(True)
            return
        line.cursor, line.ran_at, line.worked_at, line.error = following, now, now, ""
        line.save(update_fields=["cursor", "ran_at", "worked_at", "error"])
        if not more:
            _wait(line, now)
        if results:
            _note(receipt, "exchangeline.fetched", told)
        else:
            Receipt.objects.filter(pk=receipt.pk).delete()


def _asking(address: str, parameters: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = "&".join(text for text in (parts.query, urlencode(parameters)) if text)
    return urlunsplit(parts._replace(query=query, fragment=""))


def _page(answer: Answer, starts: str) -> tuple[list[dict[str, Any]], str, bool]:
    """Records, next place, and whether there is more. Raises NotDelivered with what is odd about the answer."""
    if not answer.is_whole:
        raise NotDelivered(f"对方一次给的内容超过 {MOST_BYTES // 2**20} MB，请对方按 limit 分次给")
    try:
        content = read_json(answer.content)
    except ValueError as error:
        raise NotDelivered(f"{ODD}不是 JSON") from error
    results = content.get("results") if isinstance(content, dict) else None
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise NotDelivered(f"{ODD}缺少 results")
    if len(results) > ASKED:
        raise NotDelivered(f"{ODD}一次给了{len(results)}条，多于所要的{ASKED}条")
    following = str(content.get("next") if content.get("next") is not None else starts)
    if len(following) > 200:
        raise NotDelivered(f"{ODD}next 超过200个字符")
    if following == starts and (results or content.get("more")):
        raise NotDelivered(f"{ODD}next 没有往下走")
    return results, following, content.get("more") is True


def _take_over(line: ExchangeLine, user: User, one: dict[str, Any]) -> str:
    """Write one record of the other system through the service of its noun: taken, or unchanged since the last time.

    Raises Refused with a sentence that its administrator understands.
    """
    account, key, given = line.account, str(one.get("id", "")), one.get("record")
    noun = noun_called(one.get("noun"), account.mapping)
    if noun is None or noun not in line.nouns or f"{RESOURCES[noun].scope}:write" not in account.scopes:
        raise Refused("不是这项计划接收的内容，或者账号没有填报它的权限。")
    if not NAME.fullmatch(key) or not isinstance(given, dict):
        raise Refused("缺少 id 或 record；id 应为1到120个字，不含斜线和控制字符。")
    ours = _with_mine(user, read(noun, given, account.mapping))
    fingerprint = hashlib.sha256(json.dumps(ours, sort_keys=True).encode()).hexdigest()
    if ExternalId.objects.filter(account=account, noun=noun, external_id=key, fingerprint=fingerprint).exists():
        return "unchanged"
    act = making(noun)
    assert act is not None
    serializer = act.takes(data=ours, context={"user": user})
    if not serializer.is_valid():
        theirs = names_there(noun, account.mapping)
        faults = field_paths(serializer.errors)
        raise Refused(
            "；".join(
                f"{theirs.get(path.split('.')[0], '')}（{path}）：{' '.join(words)}" for path, words in faults.items()
            )
        )
    try:
        upsert_record(
            by=user, account=account, act=act, external_id=key, given=serializer.validated_data, fingerprint=fingerprint
        )
    except NotFound as error:
        raise Refused("以前接收的这条记录，现在的账号已看不到，请核对账号的单位和地区。") from error
    except Refused as refusal:
        fields = "；".join(f"{name}：{' '.join(words)}" for name, words in refusal.fields.items())
        raise Refused(f"{refusal.message}{fields}") from refusal
    return "taken"


def _with_mine(user: User, given: dict[str, Any]) -> dict[str, Any]:
    """A mine may be called by its credit code instead of our number."""
    code = given.get("mine")
    if not isinstance(code, str) or len(code) != CREDIT_CODE:
        return given
    mines = Unit.objects.visible_to(user).filter(credit_code=code.upper(), kind=Unit.Kind.MINE, is_active=True)
    found = list(mines.values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise Refused(f"统一社会信用代码 {code} 在本地区{'对应不止一座矿山' if found else '没有对应的矿山'}。")
    return given | {"mine": found[0]}
