import common.county
import common.encryption
import datetime
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("supervision", "0001_reminders"),
        ("supervision", "0002_letters"),
        ("supervision", "0003_snapshots"),
        ("supervision", "0004_consolidated_narratives"),
        ("supervision", "0005_fewer_indexes"),
        ("supervision", "0006_meetings"),
        ("supervision", "0007_room_for_kinds_of_every_room"),
        ("supervision", "0008_other_services"),
        ("supervision", "0009_encrypted_fields"),
        ("supervision", "0010_desk_officers"),
        ("supervision", "0011_counties"),
        ("supervision", "0012_counties_filled"),
    ]

    initial = True

    dependencies = [
        ("tasks", "0001_squashed_0005_counties_filled"),
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ladder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ladders",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                ("steps", models.JSONField(default=list, verbose_name="提醒台阶")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "提醒台阶",
                "verbose_name_plural": "提醒台阶",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", True)),
                        fields=("region",),
                        name="one_ladder_of_a_region",
                    ),
                    models.UniqueConstraint(fields=("campaign",), name="one_ladder_of_a_campaign"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rung",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
                ("object_id", models.BigIntegerField()),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                ("step", models.SmallIntegerField(verbose_name="台阶")),
                ("page", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                ("county", common.county.CountyField(of="region")),
                ("skipped", models.CharField(blank=True, max_length=100, verbose_name="未发的台阶")),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提醒时间")),
                ("claim", models.UUIDField(editable=False)),
            ],
            options={
                "verbose_name": "提醒",
                "verbose_name_plural": "提醒",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["kind", "page"], name="rung_by_page"),
                    models.Index(fields=["region", "-id"], name="rung_by_region"),
                    models.Index(fields=["unit", "-id"], name="rung_by_unit"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "object_id", "due_on", "step"), name="one_rung_for_each_step"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                ("county", common.county.CountyField(of="recipient__unit__region")),
                ("day", models.DateField(verbose_name="日期")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="生成时间")),
                ("claim", models.UUIDField(editable=False)),
            ],
            options={
                "verbose_name": "每日提醒",
                "verbose_name_plural": "每日提醒",
                "ordering": ["-day", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("recipient", "day"), name="one_digest_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rung",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="supervision.rung",
                    ),
                ),
                ("county", common.county.CountyField(of="rung__county")),
                (
                    "recipient",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="收件人",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notices",
                        to="supervision.digest",
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="阅读时间")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="不再发送")),
            ],
            options={
                "verbose_name": "通知",
                "verbose_name_plural": "通知",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["recipient", "-id"], name="notice_by_recipient"),
                    models.Index(
                        condition=models.Q(("dropped_at__isnull", True), ("read_at__isnull", True)),
                        fields=["recipient"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("digest__isnull", True), ("dropped_at__isnull", True)),
                        fields=["recipient"],
                        name="notice_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("rung", "recipient"), name="one_notice_for_each_recipient")
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("email", "电子邮件"),
                            ("wecom", "企业微信群机器人"),
                            ("dingtalk", "钉钉群机器人"),
                            ("feishu", "飞书群机器人"),
                            ("hook", "短信网关或其他系统"),
                            ("other", "其他服务（Apprise 地址）"),
                        ],
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                ("is_on", models.BooleanField(default=False, verbose_name="启用")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="接收地址")),
                ("secret", common.encryption.EncryptedTextField(blank=True, max_length=300, verbose_name="密钥")),
                (
                    "signing_secret",
                    common.encryption.EncryptedTextField(blank=True, max_length=300, verbose_name="加签密钥"),
                ),
                ("worked_at", models.DateTimeField(blank=True, null=True, verbose_name="最近成功")),
                ("failed_at", models.DateTimeField(blank=True, null=True, verbose_name="最近失败")),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="最近的错误")),
            ],
            options={
                "verbose_name": "提醒渠道",
                "verbose_name_plural": "提醒渠道",
                "ordering": ["region", "kind"],
                "constraints": [models.UniqueConstraint(fields=("region", "kind"), name="one_channel_of_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contact", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(20, 0), verbose_name="免打扰开始")),
                ("quiet_until", models.TimeField(default=datetime.time(8, 0), verbose_name="免打扰结束")),
            ],
            options={
                "verbose_name": "免打扰时间",
                "verbose_name_plural": "免打扰时间",
            },
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mutes", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("email", "电子邮件"),
                            ("wecom", "企业微信群机器人"),
                            ("dingtalk", "钉钉群机器人"),
                            ("feishu", "飞书群机器人"),
                            ("hook", "短信网关或其他系统"),
                            ("other", "其他服务（Apprise 地址）"),
                        ],
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="种类")),
            ],
            options={
                "verbose_name": "不接收的提醒",
                "verbose_name_plural": "不接收的提醒",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "channel", "kind"), name="one_mute_for_each_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("next_attempt_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下次发送")),
                ("claim", models.UUIDField(editable=False, null=True)),
                ("claimed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "digest",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="supervision.digest",
                    ),
                ),
                ("county", common.county.CountyField(of="digest__county")),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="supervision.channel",
                        verbose_name="渠道",
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "待发送"),
                            ("sending", "发送中"),
                            ("sent", "已发送"),
                            ("failed", "未送达"),
                            ("unsure", "不确定"),
                            ("dropped", "不需再发"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("log", models.JSONField(default=list, verbose_name="经过")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="发送时间")),
            ],
            options={
                "verbose_name": "发送记录",
                "verbose_name_plural": "发送记录",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_attempt_at", "id"],
                        name="delivery_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_at"], name="delivery_sending"
                    ),
                    models.Index(fields=["channel", "state", "-id"], name="delivery_by_channel"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("digest", "channel"), name="one_delivery_for_each_channel")
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsolidatedNarrative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="narratives",
                        to="tasks.reportingrule",
                        verbose_name="报送规则",
                    ),
                ),
                ("county", common.county.CountyField(of="rule__county")),
                ("period", models.CharField(max_length=20, verbose_name="期间代码")),
                ("version", models.PositiveIntegerField(verbose_name="版次")),
                ("progress", models.TextField(verbose_name="总体进展")),
                ("problems", models.TextField(blank=True, verbose_name="存在问题")),
                ("plans", models.TextField(blank=True, verbose_name="下步打算")),
                (
                    "edited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编写人",
                    ),
                ),
                ("edited_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="编写时间")),
            ],
            options={
                "verbose_name": "汇总文字",
                "verbose_name_plural": "汇总文字",
                "ordering": ["rule", "period", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "period", "version"), name="narrative_once_in_a_version")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeskOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40, verbose_name="种类")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="主管人员",
                    ),
                ),
            ],
            options={
                "verbose_name": "主管人员",
                "verbose_name_plural": "主管人员",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", False)),
                        fields=("campaign", "officer"),
                        name="officer_once_for_a_campaign",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("campaign__isnull", True)),
                        fields=("region", "kind", "officer"),
                        name="officer_once_for_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("campaign__isnull", False), ("kind", "")),
                            models.Q(("campaign__isnull", True), models.Q(("kind", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="officer_for_a_campaign_or_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SupervisionLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prompt", "提示函"),
                            ("supervise", "督办函"),
                            ("notify", "通报"),
                            ("talk", "约谈通知"),
                            ("expose", "曝光决定"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="发函机关",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("title", models.CharField(max_length=200, verbose_name="标题")),
                ("body", models.TextField(verbose_name="正文")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "待审签"),
                            ("refused", "退回修改"),
                            ("approved", "待发出"),
                            ("sent", "已发出"),
                            ("filed", "已归档"),
                            ("withdrawn", "已撤回"),
                            ("declined", "不发函"),
                        ],
                        default="drafted",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="拟稿人",
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="拟稿时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审签人",
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="审签时间")),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="发出日期")),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="应答复日期")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("meets_at", models.DateTimeField(blank=True, null=True, verbose_name="约谈时间")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="约谈地点")),
                ("people", models.CharField(blank=True, max_length=300, verbose_name="约谈参加人")),
                ("record", models.TextField(blank=True, verbose_name="约谈记录")),
                ("published_in", models.CharField(blank=True, max_length=200, verbose_name="曝光平台")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="曝光日期")),
            ],
            options={
                "verbose_name": "督办函件",
                "verbose_name_plural": "督办函件",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["region", "state", "sent_on"], name="supervision_region__ce24e5_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("region", "number"),
                        name="letter_number_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("sent", "filed")), _negated=True),
                            models.Q(
                                models.Q(("number", ""), _negated=True),
                                ("answer_by__isnull", False),
                                ("sent_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sent_letter_has_number_and_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="letter_approved_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="supervision.supervisionletter",
                    ),
                ),
                ("county", common.county.CountyField(of="letter__region")),
                ("source", models.CharField(max_length=40, verbose_name="种类")),
                ("object_id", models.PositiveBigIntegerField()),
                ("page", models.PositiveBigIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="事项")),
                ("url", models.CharField(max_length=200)),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                ("workdays_late", models.PositiveIntegerField(verbose_name="逾期工作日")),
            ],
            options={
                "verbose_name": "督办事项",
                "verbose_name_plural": "督办事项",
                "ordering": ["letter", "due_on", "pk"],
                "indexes": [models.Index(fields=["source", "page"], name="supervision_source_848798_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("letter", "source", "object_id"), name="letter_names_an_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts",
                        to="supervision.supervisionletter",
                    ),
                ),
                ("county", common.county.CountyField(of="letter__region")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letter_receipts",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待签收"), ("signed", "待答复"), ("answered", "已答复")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签收人",
                    ),
                ),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签收时间")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="答复人",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="答复时间")),
            ],
            options={
                "verbose_name": "函件送达",
                "verbose_name_plural": "函件送达",
                "ordering": ["letter", "unit__sort_key", "pk"],
                "indexes": [models.Index(fields=["unit", "state"], name="supervision_unit_id_ab826b_idx")],
                "constraints": [models.UniqueConstraint(fields=("letter", "unit"), name="letter_reaches_a_unit_once")],
            },
        ),
        migrations.CreateModel(
            name="MeetingSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="召集单位",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="会议")),
                (
                    "every",
                    models.CharField(
                        choices=[("month", "每月"), ("quarter", "每季度"), ("half_year", "每半年")],
                        max_length=10,
                        verbose_name="频次",
                    ),
                ),
                ("month", models.PositiveSmallIntegerField(default=1, verbose_name="期内第几个月")),
                ("day", models.PositiveSmallIntegerField(default=10, verbose_name="几日")),
                ("people", models.CharField(blank=True, max_length=300, verbose_name="参加人员")),
                ("agenda", models.TextField(blank=True, verbose_name="例行议程")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="依据")),
                ("is_active", models.BooleanField(default=True, verbose_name="继续召开")),
            ],
            options={
                "verbose_name": "例会",
                "verbose_name_plural": "例会",
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "name"), name="series_name_once_in_a_region")
                ],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "organ",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="召集单位",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="meetings",
                        to="supervision.meetingseries",
                        verbose_name="例会",
                    ),
                ),
                ("period", models.CharField(blank=True, max_length=20, verbose_name="期间")),
                ("title", models.CharField(max_length=200, verbose_name="会议")),
                ("planned_on", models.DateField(verbose_name="应召开日期")),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="召开日期")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="地点")),
                ("chair", models.CharField(blank=True, max_length=60, verbose_name="主持人")),
                ("people", models.CharField(blank=True, max_length=500, verbose_name="参加人员")),
                ("agenda", models.TextField(blank=True, verbose_name="议程")),
                ("minutes", models.TextField(blank=True, verbose_name="会议纪要")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "待召开"), ("held", "已召开"), ("cancelled", "已取消")],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
            ],
            options={
                "verbose_name": "会议",
                "verbose_name_plural": "会议",
                "ordering": ["-planned_on", "-pk"],
                "indexes": [
                    models.Index(fields=["region", "state", "planned_on"], name="supervision_region__3c1175_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("series", "period"), name="one_meeting_a_period"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True), ("held_on__isnull", False), _connector="OR"
                        ),
                        name="held_meeting_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="supervision.meeting"
                    ),
                ),
                ("county", common.county.CountyField(of="meeting__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("text", models.TextField(verbose_name="议定事项")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="责任单位",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="完成时限")),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="tasks.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "议定事项",
                "verbose_name_plural": "议定事项",
                "ordering": ["meeting", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("meeting", "position"), name="one_decision_a_position")
                ],
            },
        ),
        migrations.CreateModel(
            name="DailySnapshot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                ("day", models.DateField(verbose_name="日期")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                ("figures", models.JSONField(default=dict, verbose_name="数字")),
                ("rebuilt", models.BooleanField(default=False, verbose_name="补算")),
            ],
            options={
                "verbose_name": "每日快照",
                "verbose_name_plural": "每日快照",
                "ordering": ["region", "day", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "day", "unit"), name="one_snapshot_a_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("unit__isnull", True)),
                        fields=("region", "day"),
                        name="one_snapshot_of_the_whole_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccidentCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="年度")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                ("accidents", models.PositiveSmallIntegerField(default=0, verbose_name="事故起数")),
                ("deaths", models.PositiveSmallIntegerField(default=0, verbose_name="死亡人数")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "年度事故数",
                "verbose_name_plural": "年度事故数",
                "ordering": ["-year", "unit"],
                "constraints": [models.UniqueConstraint(fields=("year", "unit"), name="one_accident_count_a_year")],
            },
        ),
    ]
