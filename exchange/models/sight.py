"""What an account saw of each noun when it was last looked: what it no longer sees has to be told to the other side."""

from __future__ import annotations

import json
import zlib
from typing import Any

from django.db import models

from common.county import CountyField
from exchange.models.accounts import ServiceAccount


class Sight(models.Model):
    """The keys of all records of one noun that an account saw at a moment."""

    account = models.ForeignKey(ServiceAccount, models.CASCADE, related_name="sights", verbose_name="接口账号")
    county = CountyField("account__user__unit__region")
    noun = models.CharField("内容", max_length=40)
    packed = models.BinaryField()
    looked_at = models.DateTimeField("查看时间")

    class Meta:
        verbose_name = verbose_name_plural = "可见范围"
        constraints = [models.UniqueConstraint(fields=["account", "noun"], name="one_sight_of_each_noun")]

    def __str__(self) -> str:
        return f"{self.account} {self.noun}"

    @property
    def keys(self) -> set[Any]:
        return set(json.loads(zlib.decompress(self.packed)))

    @keys.setter
    def keys(self, keys: set[Any]) -> None:
        # In order, neighbouring numbers look alike: a million of them take some hundred kilobytes.
        self.packed = zlib.compress(json.dumps(sorted(keys)).encode())
