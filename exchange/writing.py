"""From a declared act to what is written: once for each key, on the version that was seen, told as the whole record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from common.api import Act, Resource
from common.inputs import with_files
from exchange.models import ExternalId
from exchange.problems import Problem
from exchange.reading import Record, etag_of, locked_row, read_one
from exchange.renderers import json_of
from exchange.resources import RESOURCES
from exchange.services.answers import Answer, Claim, OtherRequest, claim_key, keep_answer, release_key
from exchange.services.upserts import NAME, upsert_record

KEY = re.compile(r"[\x21-\x7e]{1,200}")
TAG = re.compile(r'"[^"]*"')


def answer_once(request: Request, work: Callable[[], Answer]) -> HttpResponse:
    """Do the work in one transaction; with an Idempotency-Key do it once, and give its answer again when asked again."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        with transaction.atomic():
            return respond(work())
    if not KEY.fullmatch(key):
        raise Problem(HTTPStatus.BAD_REQUEST, "invalid_key", "幂等键应为1到200个可见的英文字符，例如一个UUID。")
    try:
        claim = claim_key(account=request.user.service_account, key=key, fingerprint=fingerprint_of(request))
    except OtherRequest as error:
        sentence = "这个幂等键已经用于另一个请求，请换一个。"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key_reused", sentence) from error
    if isinstance(claim, Answer):
        response = respond(claim)
        response["Idempotency-Replayed"] = "true"
        return response
    return _claimed(claim, work)


def _claimed(claim: Claim, work: Callable[[], Answer]) -> HttpResponse:
    try:
        with transaction.atomic():
            answer = work()
            keep_answer(claim=claim, answer=answer)
    except BaseException:
        release_key(claim=claim)
        raise
    return respond(answer)


def respond(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type="application/json")
    for name, value in answer.headers.items():
        response[name] = value
    return response


def fingerprint_of(request: Request) -> str:
    """What stands for a request: method, address, and content however it was laid out; files by their bytes."""
    data: Any = request.data
    if isinstance(data, QueryDict):
        data = [(name, [_plain(value) for value in values]) for name, values in sorted(data.lists())]
    text = json.dumps([request.method, request.path, data, request.headers.get("If-Match", "")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def read_given(request: Request, act: Act) -> dict[str, Any]:
    """What was sent, checked. Raises ValidationError with the path of each fault."""
    takes = with_files(act.takes) if act.files and isinstance(request.data, QueryDict) else act.takes
    serializer = takes(data=request.data, context={"user": request.user})
    serializer.is_valid(raise_exception=True)
    given: dict[str, Any] = dict(serializer.validated_data)
    return given


def make(request: Request, act: Act) -> Answer:
    """Make a record and tell where it is."""
    row = act.do(by=request.user, row=None, given=read_given(request, act))
    return told(request, RESOURCES[act.noun], row.pk, HTTPStatus.CREATED)


def act_on(request: Request, act: Act, key: Any) -> Answer:
    """Do something about a record. Raises a problem where it is no longer what its sender saw."""
    resource = RESOURCES[act.noun]
    row = held(resource, request, key, needs_version=act.changes)
    done = act.do(by=request.user, row=row, given=read_given(request, act))
    return told(request, resource, done.pk)


def held(resource: Resource, request: Request, key: Any, *, needs_version: bool) -> Any:
    """The record under lock, if the sender sees it and its version is the one that the sender saw."""
    row = locked_row(resource, request.user, key)
    check_version(resource, request, key, needs_version=needs_version)
    return row


def check_version(resource: Resource, request: Request, key: Any, *, needs_version: bool) -> None:
    """Raises a problem where the record is no longer what its sender saw."""
    asked = request.headers.get("If-Match", "").strip()
    if not asked and needs_version:
        sentence = "请先读取这条记录，把应答头 ETag 的值放在请求头 If-Match 中再发送。"
        raise Problem(HTTPStatus.PRECONDITION_REQUIRED, "version_required", sentence)
    if asked and asked != "*" and etag_of(read_one(resource, request.user, str(key))) not in TAG.findall(asked):
        sentence = "这条记录在您读取之后已被改动，请重新读取，按现在的内容办理。"
        raise Problem(HTTPStatus.PRECONDITION_FAILED, "version_changed", sentence)


def told(request: Request, resource: Resource, key: Any, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    """The record as it stands now, with its version."""
    record: Record = read_one(resource, request.user, str(key))
    headers = {"ETag": etag_of(record)}
    if status == HTTPStatus.CREATED:
        headers["Location"] = reverse(f"exchange:{resource.name}-one", args=[key])
    return Answer(int(status), json_of(record).decode(), headers)


# -- records that another system calls by a name of its own ----------------------------------------------------------


def known_as(request: Request, noun: str, name: str) -> ExternalId:
    """What the sender's system calls so. Raises NotFound."""
    row = ExternalId.objects.filter(account=request.user.service_account, noun=noun, external_id=name).first()
    if row is None:
        raise NotFound
    return row


def push(request: Request, act: Act, name: str) -> Answer:
    """Make the record that the sender calls `name`, or bring it up to date where it was pushed before."""
    if not NAME.fullmatch(name):
        raise Problem(HTTPStatus.BAD_REQUEST, "invalid_external_id", "对方编号应为1到120个字，不含斜线和控制字符。")
    resource, user = RESOURCES[act.noun], request.user
    written = upsert_record(
        by=user, account=user.service_account, act=act, external_id=name, given=read_given(request, act),
        check=lambda row: check_version(resource, request, row.pk, needs_version=False),
    )  # fmt: skip
    return told(request, resource, written.pk, HTTPStatus.CREATED if written.is_new else HTTPStatus.OK)
