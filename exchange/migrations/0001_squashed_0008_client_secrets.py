import common.county
import common.encryption
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("exchange", "0001_initial"),
        ("exchange", "0002_kept_answers_and_external_ids"),
        ("exchange", "0003_hooks"),
        ("exchange", "0004_reconciliations_and_mapping"),
        ("exchange", "0005_lines_and_receipts"),
        ("exchange", "0006_counties"),
        ("exchange", "0007_counties_filled"),
        ("exchange", "0008_client_secrets"),
    ]

    initial = True

    dependencies = [
        ("common", "0001_squashed_0005_counties"),
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceUser",
            fields=[],
            options={
                "proxy": True,
            },
            bases=("units.user",),
        ),
        migrations.CreateModel(
            name="ServiceAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="service_account",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("contact", models.CharField(max_length=100, verbose_name="对方联系人")),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="只限地区",
                    ),
                ),
                ("scopes", models.JSONField(default=list, verbose_name="权限")),
                ("networks", models.JSONField(default=list, verbose_name="允许的网络")),
                ("per_minute", models.PositiveIntegerField(default=120, verbose_name="每分钟请求上限")),
                ("mapping", models.JSONField(blank=True, default=dict, verbose_name="字段对照")),
                ("secret_hash", models.CharField(blank=True, editable=False, max_length=64)),
                ("secret_made_at", models.DateTimeField(editable=False, null=True, verbose_name="客户端密钥生成时间")),
                ("is_open", models.BooleanField(default=True, verbose_name="在用")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="最近使用")),
                ("last_address", models.GenericIPAddressField(blank=True, null=True, verbose_name="最近使用的地址")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="开通人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="开通时间")),
            ],
            options={
                "verbose_name": "接口账号",
                "verbose_name_plural": "接口账号",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscriptions",
                        to="exchange.serviceaccount",
                        verbose_name="接口账号",
                    ),
                ),
                ("address", models.URLField(max_length=500, verbose_name="接收地址")),
                ("nouns", models.JSONField(default=list, verbose_name="内容")),
                ("verbs", models.JSONField(blank=True, default=list, verbose_name="变动")),
                ("secret", common.encryption.EncryptedTextField(blank=True, max_length=200, verbose_name="签名密钥")),
                ("after", models.BigIntegerField(default=0, verbose_name="已读到")),
                ("is_open", models.BooleanField(default=True, verbose_name="在用")),
                ("worked_at", models.DateTimeField(blank=True, null=True, verbose_name="最近送达")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近失败")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "变更推送",
                "verbose_name_plural": "变更推送",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HookDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发送"),
                            ("sending", "正在发送"),
                            ("sent", "已送达"),
                            ("failed", "未送达"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("claimed_at", models.DateTimeField(editable=False, null=True)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="消息编号")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="exchange.subscription",
                        verbose_name="推送",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.event",
                        verbose_name="变更",
                    ),
                ),
                ("county", common.county.CountyField(of="event__county")),
                ("sequence", models.BigIntegerField(verbose_name="序号")),
                ("body", models.TextField(verbose_name="内容")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="送达时间")),
            ],
            options={
                "verbose_name": "推送记录",
                "verbose_name_plural": "推送记录",
                "ordering": ["sequence"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_attempt_at", "id"], name="hook_waiting"
                    ),
                    models.Index(condition=models.Q(("state", "sending")), fields=["claimed_at"], name="hook_sending"),
                    models.Index(fields=["subscription", "state", "-sequence"], name="hook_by_subscription"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "sequence"), name="one_hook_delivery_for_each_change"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="exchange.serviceaccount",
                        verbose_name="接口账号",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="名称")),
                (
                    "direction",
                    models.CharField(
                        choices=[("push", "报送（发给对方）"), ("pull", "接收（从对方取）")],
                        max_length=10,
                        verbose_name="方向",
                    ),
                ),
                ("address", models.URLField(max_length=500, verbose_name="对方地址")),
                ("credential", common.encryption.EncryptedTextField(blank=True, max_length=500, verbose_name="凭据")),
                ("nouns", models.JSONField(default=list, verbose_name="内容")),
                (
                    "every",
                    models.PositiveSmallIntegerField(
                        choices=[(15, "每15分钟"), (60, "每小时"), (240, "每4小时"), (1440, "每天")],
                        default=1440,
                        verbose_name="间隔",
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=2, verbose_name="几点")),
                ("is_on", models.BooleanField(default=False, verbose_name="在用")),
                ("next_run_at", models.DateTimeField(blank=True, null=True, verbose_name="下次运行")),
                ("after", models.BigIntegerField(default=0, verbose_name="已报送到")),
                ("cursor", models.CharField(blank=True, max_length=200, verbose_name="已接收到")),
                ("ran_at", models.DateTimeField(blank=True, null=True, verbose_name="最近运行")),
                ("worked_at", models.DateTimeField(blank=True, null=True, verbose_name="最近成功")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设立人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="设立时间")),
            ],
            options={
                "verbose_name": "交换计划",
                "verbose_name_plural": "交换计划",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(condition=models.Q(("is_on", True)), fields=["next_run_at"], name="exchange_line_due")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "name"), name="one_exchange_line_of_a_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待发送"),
                            ("sending", "正在发送"),
                            ("sent", "已送达"),
                            ("failed", "未送达"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("claimed_at", models.DateTimeField(editable=False, null=True)),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="回执编号")),
                (
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="exchange.exchangeline",
                        verbose_name="交换计划",
                    ),
                ),
                ("county", common.county.CountyField(of="line__account__user__unit__region")),
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("starts", models.CharField(blank=True, max_length=200, verbose_name="起")),
                ("ends", models.CharField(blank=True, max_length=200, verbose_name="止")),
                ("body", models.TextField(blank=True, verbose_name="内容")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("count", models.PositiveIntegerField(default=0, verbose_name="条数")),
                ("taken", models.PositiveIntegerField(blank=True, null=True, verbose_name="接收")),
                ("unchanged", models.PositiveIntegerField(blank=True, null=True, verbose_name="没有变化")),
                ("refused", models.PositiveIntegerField(blank=True, null=True, verbose_name="退回")),
                ("refusals", models.JSONField(default=list, verbose_name="退回的")),
                ("answer_status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="应答状态")),
                ("answer_number", models.CharField(blank=True, max_length=120, verbose_name="对方回执号")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="失败原因")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="生成时间")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "回执",
                "verbose_name_plural": "回执",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_attempt_at", "id"],
                        name="receipt_waiting",
                    ),
                    models.Index(fields=["ended_at"], name="receipt_ended"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("line", "number"), name="one_receipt_of_a_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "sent"), _negated=True),
                        fields=("line",),
                        name="one_receipt_under_way_for_each_line",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reconciliations",
                        to="exchange.serviceaccount",
                        verbose_name="接口账号",
                    ),
                ),
                ("county", common.county.CountyField(of="account__user__unit__region")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="对账时间")),
                ("counts", models.JSONField(default=dict, verbose_name="数量")),
                ("agrees", models.BooleanField(verbose_name="一致")),
            ],
            options={
                "verbose_name": "对账",
                "verbose_name_plural": "对账",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["account", "-id"], name="exchange_re_account_07bf9a_idx")],
            },
        ),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="exchange.serviceaccount",
                        verbose_name="账号",
                    ),
                ),
                ("county", common.county.CountyField(of="account__user__unit__region")),
                ("key", models.CharField(max_length=200, verbose_name="幂等键")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="请求的SHA-256")),
                ("claim", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("claimed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="状态码")),
                ("body", models.TextField(blank=True, verbose_name="应答")),
                ("headers", models.JSONField(default=dict, verbose_name="应答头")),
            ],
            options={
                "verbose_name": "已答复的请求",
                "verbose_name_plural": "已答复的请求",
                "indexes": [models.Index(fields=["claimed_at"], name="exchange_ke_claimed_f02d5e_idx")],
                "constraints": [models.UniqueConstraint(fields=("account", "key"), name="one_answer_per_key")],
            },
        ),
        migrations.CreateModel(
            name="ExternalId",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_ids",
                        to="exchange.serviceaccount",
                        verbose_name="来源系统",
                    ),
                ),
                ("county", common.county.CountyField(of="account__user__unit__region")),
                ("noun", models.CharField(max_length=40, verbose_name="内容")),
                ("external_id", models.CharField(max_length=120, verbose_name="对方编号")),
                ("object_id", models.CharField(max_length=40, verbose_name="本系统编号")),
                ("fingerprint", models.CharField(blank=True, max_length=64, verbose_name="最近内容的SHA-256")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="建立时间")),
            ],
            options={
                "verbose_name": "对方编号",
                "verbose_name_plural": "对方编号",
                "indexes": [models.Index(fields=["noun", "object_id"], name="exchange_ex_noun_cce6e3_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "noun", "external_id"), name="one_record_per_name")
                ],
            },
        ),
    ]
