from django.db import models


class Serial(models.Model):
    """The last number given out in one series, such as the letters of one bureau in one year."""

    kind = models.CharField("种类", max_length=40)
    scope = models.CharField("范围", max_length=80, blank=True)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最近编号", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "流水号"
        constraints = [models.UniqueConstraint(fields=["kind", "scope", "year"], name="serial_once_per_series")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope} {self.year} 第{self.last}号"
