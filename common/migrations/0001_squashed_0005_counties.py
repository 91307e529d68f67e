import common.county
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("common", "0001_initial"),
        ("common", "0002_fewer_indexes"),
        ("common", "0003_guards_named_alike"),
        ("common", "0004_addresses_of_events"),
        ("common", "0005_counties"),
    ]

    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField(unique=True, verbose_name="日期")),
                (
                    "kind",
                    models.CharField(
                        choices=[("holiday", "放假"), ("workday", "调休上班")], max_length=10, verbose_name="性质"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="如：国务院办公厅节假日安排通知的文号",
                        max_length=200,
                        verbose_name="依据",
                    ),
                ),
            ],
            options={
                "verbose_name": "工作日历",
                "verbose_name_plural": "工作日历",
                "ordering": ["date"],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="公开编号"),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                ("object_id", models.CharField(max_length=40)),
                ("sha256", models.CharField(db_index=True, max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveBigIntegerField(verbose_name="字节数")),
                ("media_type", models.CharField(max_length=100, verbose_name="类型")),
                (
                    "kind",
                    models.CharField(
                        choices=[("image", "图片"), ("document", "文件")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="文件名")),
                ("caption", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("width", models.PositiveIntegerField(null=True, verbose_name="宽")),
                ("height", models.PositiveIntegerField(null=True, verbose_name="高")),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("uploaded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
                ("county", common.county.CountyField(of="uploaded_by__unit__region")),
            ],
            options={
                "verbose_name": "印证资料",
                "verbose_name_plural": "印证资料",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["content_type", "object_id", "id"], name="evidence_by_object")],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name="时间")),
                (
                    "actor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
                ("actor_name", models.CharField(max_length=150, verbose_name="操作人姓名")),
                ("actor_unit", models.CharField(blank=True, max_length=200, verbose_name="操作人单位")),
                ("address", models.CharField(editable=False, max_length=45, null=True, verbose_name="网络地址")),
                ("verb", models.CharField(max_length=80, verbose_name="动作")),
                (
                    "content_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("object_id", models.CharField(max_length=40)),
                ("object_text", models.CharField(max_length=300, verbose_name="对象")),
                ("before", models.JSONField(null=True, verbose_name="变更前")),
                ("after", models.JSONField(null=True, verbose_name="变更后")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("batch", models.UUIDField(db_index=True, null=True, verbose_name="批次")),
                ("county", common.county.CountyField(of="actor__unit__region")),
            ],
            options={
                "verbose_name": "操作记录",
                "verbose_name_plural": "操作记录",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["content_type", "object_id", "-id"], name="event_by_object"),
                    models.Index(fields=["actor", "-at"], name="event_by_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(unique=True, verbose_name="序号")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("from_event", models.BigIntegerField(verbose_name="起始记录")),
                ("to_event", models.BigIntegerField(verbose_name="截止记录")),
                ("late", models.JSONField(default=list, verbose_name="补封记录")),
                ("missing", models.JSONField(default=list, verbose_name="空缺编号")),
                ("count", models.PositiveIntegerField(verbose_name="记录数")),
                ("previous", models.CharField(blank=True, max_length=64, verbose_name="上一封印")),
                ("leaves", models.TextField(blank=True, verbose_name="逐条摘要")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要")),
            ],
            options={
                "verbose_name": "历史封印",
                "verbose_name_plural": "历史封印",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="公开编号"),
                ),
                ("kind", models.CharField(max_length=80, verbose_name="种类")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
                (
                    "content_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("object_id", models.CharField(blank=True, max_length=40)),
                ("args", models.JSONField(default=dict, verbose_name="参数")),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "排队中"), ("running", "处理中"), ("done", "已完成"), ("failed", "失败")],
                        default="queued",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已处理")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总数")),
                ("message", models.CharField(blank=True, max_length=200, verbose_name="进度")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="原因")),
                ("result", models.JSONField(default=dict, verbose_name="结果")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提交时间")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("heartbeat_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="最近活动")),
            ],
            options={
                "verbose_name": "后台任务",
                "verbose_name_plural": "后台任务",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["state", "heartbeat_at"], name="job_by_heartbeat"),
                    models.Index(fields=["content_type", "object_id", "-id"], name="job_by_object"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Serial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("scope", models.CharField(blank=True, max_length=80, verbose_name="范围")),
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                ("last", models.PositiveIntegerField(default=0, verbose_name="最近编号")),
            ],
            options={
                "verbose_name": "流水号",
                "verbose_name_plural": "流水号",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "scope", "year"), name="serial_once_per_series")
                ],
            },
        ),
    ]
