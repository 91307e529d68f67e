import common.county
import common.encryption
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("hazards", "0001_initial"),
        ("hazards", "0002_rules_move_to_units"),
        ("hazards", "0003_suspended_and_handed_over"),
        ("hazards", "0004_fewer_indexes"),
        ("hazards", "0005_investigations"),
        ("hazards", "0006_risks_and_tip_offs"),
        ("hazards", "0007_look_backs"),
        ("hazards", "0008_no_way_round_the_proof"),
        ("hazards", "0009_encrypted_fields"),
        ("hazards", "0010_indexes_for_a_million"),
        ("hazards", "0011_departments_answer"),
        ("hazards", "0012_tables_as_counties_write_them"),
        ("hazards", "0013_counties"),
        ("hazards", "0014_counties_filled"),
    ]

    initial = True

    dependencies = [
        ("common", "0001_squashed_0005_counties"),
        ("tasks", "0001_squashed_0005_counties_filled"),
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Standard",
            fields=[
                ("code", models.SlugField(max_length=60, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("document_number", models.CharField(max_length=60, verbose_name="文号")),
                ("issuer", models.CharField(blank=True, max_length=60, verbose_name="印发单位")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("in_force_from", models.DateField(verbose_name="施行日期")),
                ("in_force_until", models.DateField(blank=True, null=True, verbose_name="废止前最后一日")),
                ("source_note", models.TextField(blank=True, verbose_name="说明")),
                ("companions", models.ManyToManyField(blank=True, to="hazards.standard", verbose_name="一并适用")),
            ],
            options={
                "verbose_name": "判定标准",
                "verbose_name_plural": "判定标准",
                "ordering": ["-in_force_from", "code"],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="categories", to="hazards.standard"
                    ),
                ),
                ("code", models.CharField(max_length=20, verbose_name="代码")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
            ],
            options={
                "verbose_name": "类别",
                "verbose_name_plural": "类别",
                "ordering": ["standard", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("standard", "code"), name="category_once_in_a_standard")
                ],
            },
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="hazards.standard"
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="hazards.category"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="hazards.clause",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="顺序")),
                ("code", models.CharField(max_length=20, verbose_name="条款")),
                ("label", models.CharField(max_length=60, verbose_name="短语")),
                ("official_text", models.TextField(blank=True, verbose_name="正式条文")),
                ("mine_types", models.JSONField(default=list, verbose_name="适用矿山类型")),
                ("is_selectable", models.BooleanField(default=True, verbose_name="可选用")),
                ("search_key", models.CharField(default="", editable=False, max_length=400)),
            ],
            options={
                "verbose_name": "条款",
                "verbose_name_plural": "条款",
                "ordering": ["standard", "position"],
                "constraints": [models.UniqueConstraint(fields=("standard", "code"), name="clause_once_in_a_standard")],
            },
        ),
        migrations.CreateModel(
            name="RegisterImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="公开编号"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "待对应列"),
                            ("checked", "待确认"),
                            ("confirmed", "已导入"),
                            ("dropped", "已放弃"),
                        ],
                        default="uploaded",
                        max_length=10,
                        verbose_name="进度",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="区划",
                    ),
                ),
                ("county", common.county.CountyField(of="region")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("file_name", models.CharField(max_length=150, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("sheet", models.CharField(max_length=100, verbose_name="工作表")),
                ("header_row", models.PositiveIntegerField(verbose_name="表头行")),
                ("sheets", models.JSONField(default=list, verbose_name="同样列名的工作表")),
                ("left_out", models.JSONField(default=list, verbose_name="没有读的工作表")),
                ("headings", models.JSONField(default=list, verbose_name="表头")),
                ("samples", models.JSONField(default=list, verbose_name="前几行")),
                ("mapping", models.JSONField(default=dict, verbose_name="列的对应")),
                ("given", models.JSONField(default=dict, verbose_name="整张表的内容")),
                ("names", models.JSONField(default=dict, verbose_name="矿山的写法")),
                ("closed_rows", models.CharField(default="refuse", max_length=10, verbose_name="已销号的行")),
                ("preview", models.JSONField(default=dict, verbose_name="检查结果")),
                ("marked_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("batch", models.UUIDField(editable=False, null=True, verbose_name="批次")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
                ("checked_at", models.DateTimeField(null=True, verbose_name="检查时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="导入时间")),
            ],
            options={
                "verbose_name": "台账导入",
                "verbose_name_plural": "台账导入",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RememberedHeading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                ("heading", models.CharField(max_length=100, verbose_name="表头")),
                ("column", models.CharField(blank=True, max_length=30, verbose_name="列")),
            ],
            options={
                "verbose_name": "列的对应",
                "verbose_name_plural": "列的对应",
                "constraints": [models.UniqueConstraint(fields=("unit", "heading"), name="heading_once_in_a_unit")],
            },
        ),
        migrations.CreateModel(
            name="InstitutionalMeasure",
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
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="制度/措施名称")),
                ("gist", models.TextField(blank=True, verbose_name="主要内容")),
                (
                    "lead_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="measures",
                        to="units.unit",
                        verbose_name="牵头单位",
                    ),
                ),
                ("responsible_units", models.CharField(blank=True, max_length=300, verbose_name="责任单位")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="完成时限")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="印发文件")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("progress", models.TextField(blank=True, verbose_name="进展")),
                (
                    "state",
                    models.CharField(
                        choices=[("drafting", "制定中"), ("issued", "已印发"), ("dropped", "不再制定")],
                        default="drafting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
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
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "制度措施",
                "verbose_name_plural": "制度措施",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["region", "state", "due_on"], name="hazards_ins_region__037690_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "lead_unit", "name"), name="measure_once_with_a_unit"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "issued"), _negated=True),
                            models.Q(("document", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="issued_measure_names_its_document",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyFigures",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年")),
                ("month", models.PositiveSmallIntegerField(verbose_name="月")),
                ("edition", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("figures", models.JSONField(verbose_name="数字")),
                (
                    "closed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="结账人",
                    ),
                ),
                ("closed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="结账时间")),
                (
                    "reopened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="重开人",
                    ),
                ),
                ("reopened_at", models.DateTimeField(null=True, verbose_name="重开时间")),
                ("reopen_reason", models.CharField(blank=True, max_length=300, verbose_name="重开理由")),
            ],
            options={
                "verbose_name": "隐患月报数字",
                "verbose_name_plural": "隐患月报数字",
                "ordering": ["-year", "-month", "-edition"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "year", "month", "edition"), name="month_once_in_an_edition"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reopened_at__isnull", True)),
                        fields=("region", "year", "month"),
                        name="month_is_closed_once_at_a_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("month__range", (1, 12))), name="month_of_the_calendar"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reopened_at__isnull", True),
                            models.Q(("reopen_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="month_is_reopened_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskMap",
            fields=[
                (
                    "mine",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="risk_map",
                        serialize=False,
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                ("county", common.county.CountyField(of="mine__region")),
                (
                    "background",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.evidence",
                        verbose_name="底图",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "风险分布图",
                "verbose_name_plural": "风险分布图",
            },
        ),
        migrations.CreateModel(
            name="MineArea",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="areas",
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                ("county", common.county.CountyField(of="mine__region")),
                ("name", models.CharField(max_length=60, verbose_name="区域")),
                ("x", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="左边")),
                ("y", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="上边")),
                (
                    "width",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(24),
                        ],
                        verbose_name="宽",
                    ),
                ),
                (
                    "height",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(2),
                            django.core.validators.MaxValueValidator(16),
                        ],
                        verbose_name="高",
                    ),
                ),
            ],
            options={
                "verbose_name": "区域",
                "verbose_name_plural": "区域",
                "ordering": ["mine", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("mine", "name"), name="area_name_once_in_a_mine"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("height", None), ("width", None), ("x", None), ("y", None)),
                            models.Q(
                                ("height__gte", 2),
                                ("width__gte", 2),
                                (
                                    "x__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(24), "-", models.F("width")
                                    ),
                                ),
                                (
                                    "y__lte",
                                    django.db.models.expressions.CombinedExpression(
                                        models.Value(16), "-", models.F("height")
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="area_lies_on_the_drawing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                (
                    "mine",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="tasks.task",
                        verbose_name="所属行动任务",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="hazards.minearea",
                        verbose_name="区域",
                    ),
                ),
                ("place", models.CharField(max_length=200, verbose_name="地点")),
                ("description", models.TextField(verbose_name="隐患内容")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("self_check", "企业自查"),
                            ("inspection", "监管检查"),
                            ("tip_off", "群众举报"),
                            ("assigned", "上级交办"),
                            ("monitoring", "监测预警"),
                        ],
                        max_length=12,
                        verbose_name="来源",
                    ),
                ),
                ("found_on", models.DateField(verbose_name="发现日期")),
                ("found_by", models.CharField(blank=True, max_length=60, verbose_name="发现人")),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hazards",
                        to="hazards.clause",
                        verbose_name="判定条款",
                    ),
                ),
                (
                    "proposed_level",
                    models.CharField(
                        blank=True,
                        choices=[("general", "一般隐患"), ("major", "重大隐患")],
                        max_length=8,
                        verbose_name="系统建议",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("general", "一般隐患"), ("major", "重大隐患")],
                        max_length=8,
                        verbose_name="等级",
                    ),
                ),
                ("level_reason", models.CharField(blank=True, max_length=300, verbose_name="与建议不同的理由")),
                ("measures", models.TextField(blank=True, verbose_name="整改措施")),
                ("responsible_unit", models.CharField(blank=True, max_length=100, verbose_name="责任单位")),
                ("responsible_person", models.CharField(blank=True, max_length=40, verbose_name="责任人")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="整改期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("registered", "待定级"),
                            ("graded", "已定级"),
                            ("treating", "治理中"),
                            ("self_accepted", "自验合格"),
                            ("awaiting", "待复查"),
                            ("returned", "复查退回"),
                            ("closed", "已销号"),
                            ("suspended", "停产暂缓"),
                            ("handed_over", "已移送"),
                            ("void", "已作废"),
                        ],
                        default="registered",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                (
                    "former_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "待定级"),
                            ("graded", "已定级"),
                            ("treating", "治理中"),
                            ("self_accepted", "自验合格"),
                            ("awaiting", "待复查"),
                            ("returned", "复查退回"),
                            ("closed", "已销号"),
                            ("suspended", "停产暂缓"),
                            ("handed_over", "已移送"),
                            ("void", "已作废"),
                        ],
                        max_length=16,
                        verbose_name="原来的状态",
                    ),
                ),
                ("returned_count", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                (
                    "rectifier",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="整改人",
                    ),
                ),
                ("rectified_on", models.DateField(blank=True, null=True, verbose_name="整改完成日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="销号日期")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "registered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("registered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "隐患",
                "verbose_name_plural": "隐患",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["found_on"], name="hazards_haz_found_o_cdcef0_idx"),
                    models.Index(fields=["due_on"], name="hazards_haz_due_on_237a80_idx"),
                    models.Index(fields=["region", "state", "due_on"], name="hazards_haz_region__dee917_idx"),
                    models.Index(fields=["region", "level", "state"], name="hazards_haz_region__bdfcd6_idx"),
                    models.Index(fields=["region", "id"], name="hazards_haz_region__6d8ed7_idx"),
                    models.Index(
                        condition=models.Q(("state__in", ("registered", "awaiting"))),
                        fields=["state", "rectified_on"],
                        name="hazard_waiting_for_bureau",
                    ),
                    models.Index(fields=["mine", "state", "due_on"], name="hazards_haz_mine_id_9763d2_idx"),
                    models.Index(fields=["mine", "found_on"], name="hazards_haz_mine_id_a97d41_idx"),
                    models.Index(fields=["clause", "found_on"], name="hazards_haz_clause__cca382_idx"),
                    models.Index(condition=models.Q(("area__isnull", False)), fields=["area"], name="hazard_by_area"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__in", ("", "general", "major"))), name="hazard_has_a_known_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("registered", "handed_over", "void")),
                            models.Q(("level", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_is_graded_before_it_is_treated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("suspended", "handed_over")), _negated=True),
                            models.Q(("former_state", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="waiting_hazard_knows_its_former_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True),
                            models.Q(("closed_by__isnull", False), ("closed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_hazard_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by__isnull", True),
                            ("rectifier__isnull", True),
                            models.Q(("closed_by", models.F("rectifier")), _negated=True),
                            _connector="OR",
                        ),
                        name="hazard_is_not_closed_by_its_rectifier",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HazardExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("old_due_on", models.DateField(verbose_name="原期限")),
                ("new_due_on", models.DateField(verbose_name="申请延至")),
                ("reason", models.TextField(verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "待审批"),
                            ("approved", "已同意"),
                            ("refused", "未同意"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="requested",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
            ],
            options={
                "verbose_name": "隐患延期申请",
                "verbose_name_plural": "隐患延期申请",
                "ordering": ["-requested_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("new_due_on__gt", models.F("old_due_on"))),
                        name="hazard_extension_goes_forward",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("hazard",),
                        name="one_open_extension_per_hazard",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Investigation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="investigation",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("team", models.TextField(help_text="组长和成员的姓名、单位、职务。", verbose_name="调查人员")),
                ("begun_on", models.DateField(verbose_name="调查开始日期")),
                ("facts", models.TextField(blank=True, verbose_name="调查查明的事实")),
                ("direct_cause", models.TextField(blank=True, verbose_name="直接原因")),
                ("managerial_cause", models.TextField(blank=True, verbose_name="管理原因")),
                ("conclusion", models.TextField(blank=True, verbose_name="调查结论")),
                (
                    "state",
                    models.CharField(
                        choices=[("drafting", "调查中"), ("submitted", "待签发"), ("signed", "已签发")],
                        default="drafting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="执笔人",
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="填写时间")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
            ],
            options={
                "verbose_name": "重大隐患调查",
                "verbose_name_plural": "重大隐患调查",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "signed"), _negated=True),
                            models.Q(("signed_by__isnull", False), ("signed_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="signed_investigation_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signed_by__isnull", True),
                            models.Q(("signed_by", models.F("written_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="investigation_is_signed_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Liability",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liabilities",
                        to="hazards.investigation",
                    ),
                ),
                ("county", common.county.CountyField(of="investigation__county")),
                ("name", models.CharField(max_length=100, verbose_name="责任人或责任单位")),
                ("post", models.CharField(blank=True, max_length=120, verbose_name="单位和职务")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("direct", "直接责任"),
                            ("main", "主要责任"),
                            ("leading", "领导责任"),
                            ("supervisory", "监管责任"),
                        ],
                        max_length=12,
                        verbose_name="责任",
                    ),
                ),
                ("fault", models.TextField(verbose_name="责任事实")),
                ("handling", models.TextField(verbose_name="处理建议")),
            ],
            options={
                "verbose_name": "责任认定",
                "verbose_name_plural": "责任认定",
                "ordering": ["investigation", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "investigation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recommendations",
                        to="hazards.investigation",
                    ),
                ),
                ("county", common.county.CountyField(of="investigation__county")),
                ("text", models.TextField(verbose_name="建议")),
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
                    "measure",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recommendation",
                        to="hazards.institutionalmeasure",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改建议",
                "verbose_name_plural": "整改建议",
                "ordering": ["investigation", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Listing",
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
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="listings",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("county", "县级"), ("city", "市级"), ("province", "省级")],
                        max_length=8,
                        verbose_name="督办级别",
                    ),
                ),
                ("organ", models.CharField(max_length=100, verbose_name="挂牌机关")),
                (
                    "organ_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="督办文号")),
                ("listed_on", models.DateField(verbose_name="挂牌日期")),
                ("due_on", models.DateField(verbose_name="整改期限")),
                ("subject_unit", models.CharField(max_length=200, verbose_name="隐患所在单位")),
                ("subject", models.TextField(verbose_name="隐患类别、地点和违反的条款")),
                ("requirement", models.TextField(verbose_name="整改要求和期限")),
                ("lifting", models.TextField(verbose_name="摘牌程序")),
                ("other", models.TextField(blank=True, verbose_name="其他事项")),
                ("report_by", models.DateField(verbose_name="应上报日期")),
                ("reported_on", models.DateField(blank=True, null=True, verbose_name="上报日期")),
                ("publish_by", models.DateField(verbose_name="应公布日期")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="公布日期")),
                ("published_at", models.CharField(blank=True, max_length=200, verbose_name="公布处")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("listed", "挂牌督办中"),
                            ("extension_asked", "延期待批"),
                            ("acceptance_asked", "待验收"),
                            ("failed", "验收不合格"),
                            ("lifted", "已摘牌"),
                            ("revoked", "已撤销"),
                        ],
                        default="listed",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("acceptance_asked_on", models.DateField(blank=True, null=True, verbose_name="申请验收日期")),
                ("accept_by", models.DateField(blank=True, null=True, verbose_name="应验收日期")),
                ("failed_count", models.PositiveSmallIntegerField(default=0, verbose_name="验收不合格次数")),
                ("escalated_on", models.DateField(blank=True, null=True, verbose_name="升级处理日期")),
                ("lifted_on", models.DateField(blank=True, null=True, verbose_name="摘牌日期")),
                ("lifting_number", models.CharField(blank=True, max_length=60, verbose_name="摘牌文号")),
                (
                    "listed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                ("listed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "挂牌督办",
                "verbose_name_plural": "挂牌督办",
                "ordering": ["-listed_on", "-pk"],
                "indexes": [models.Index(fields=["region", "state", "due_on"], name="hazards_lis_region__55dc5a_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("listed", "extension_asked", "failed", "acceptance_asked"))),
                        fields=("hazard",),
                        name="one_open_listing_per_hazard",
                    ),
                    models.UniqueConstraint(fields=("region", "organ", "number"), name="listing_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gt", models.F("listed_on"))), name="listing_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "lifted"), _negated=True), ("lifted_on__isnull", False), _connector="OR"
                        ),
                        name="lifted_listing_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="hazards.listing"
                    ),
                ),
                ("county", common.county.CountyField(of="listing__region")),
                ("old_due_on", models.DateField(verbose_name="原期限")),
                ("new_due_on", models.DateField(verbose_name="申请延至")),
                ("reason", models.TextField(verbose_name="理由")),
                ("answer_by", models.DateField(verbose_name="应答复日期")),
                (
                    "state",
                    models.CharField(
                        choices=[("requested", "待审批"), ("granted", "已同意"), ("refused", "未同意")],
                        default="requested",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="申请日期")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
            ],
            options={
                "verbose_name": "挂牌延期申请",
                "verbose_name_plural": "挂牌延期申请",
                "ordering": ["listing", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("listing",),
                        name="one_open_extension_per_listing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("new_due_on__gt", models.F("old_due_on"))),
                        name="listing_extension_goes_forward",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListingAcceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="acceptances", to="hazards.listing"
                    ),
                ),
                ("county", common.county.CountyField(of="listing__region")),
                ("round", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("on", models.DateField(verbose_name="验收日期")),
                ("passed", models.BooleanField(verbose_name="合格")),
                ("opinion", models.TextField(verbose_name="验收意见")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "officers",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="验收人"),
                ),
            ],
            options={
                "verbose_name": "挂牌验收",
                "verbose_name_plural": "挂牌验收",
                "ordering": ["listing", "pk"],
                "constraints": [models.UniqueConstraint(fields=("listing", "round"), name="one_acceptance_a_round")],
            },
        ),
        migrations.CreateModel(
            name="Implementation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="implementations", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                (
                    "facet",
                    models.CharField(
                        choices=[
                            ("responsibility", "责任"),
                            ("measures", "措施"),
                            ("funds", "资金"),
                            ("time_limit", "时限"),
                            ("contingency", "预案"),
                        ],
                        max_length=16,
                        verbose_name="方面",
                    ),
                ),
                ("in_place", models.BooleanField(default=False, verbose_name="已落实")),
                ("since", models.DateField(blank=True, null=True, verbose_name="落实日期")),
                ("statement", models.TextField(blank=True, verbose_name="落实情况")),
                ("person", models.CharField(blank=True, max_length=40, verbose_name="责任人")),
                ("duty", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                ("phone", common.encryption.EncryptedTextField(blank=True, max_length=20, verbose_name="电话")),
                (
                    "planned",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="计划资金（万元）"
                    ),
                ),
                (
                    "spent",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="已用资金（万元）"
                    ),
                ),
                ("until", models.DateField(blank=True, null=True, verbose_name="完成期限")),
                ("has_evidence", models.BooleanField(default=False, verbose_name="有印证资料")),
                (
                    "stated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
            ],
            options={
                "verbose_name": "五落实",
                "verbose_name_plural": "五落实",
                "ordering": ["hazard", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("confirmed_by__isnull", True), ("has_evidence", True), ("in_place", True)),
                        fields=["hazard"],
                        name="facet_waiting_for_a_second",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "facet"), name="each_facet_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("facet__in", ["responsibility", "measures", "funds", "time_limit", "contingency"])
                        ),
                        name="facet_is_one_of_the_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_place", False),
                            models.Q(("since__isnull", False), models.Q(("statement", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="facet_in_place_says_since_when_and_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by__isnull", True),
                            models.Q(("confirmed_by", models.F("stated_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="facet_is_confirmed_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MajorReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="major_report", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("present_state", models.TextField(verbose_name="隐患的现状及其产生原因")),
                ("harm", models.TextField(verbose_name="隐患的危害程度和整改难易程度分析")),
                ("treatment", models.TextField(verbose_name="隐患的治理方案")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "重大隐患报告",
                "verbose_name_plural": "重大隐患报告",
            },
        ),
        migrations.CreateModel(
            name="DoubleReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="double_report", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("due_on", models.DateField(verbose_name="应报日期")),
                ("regulator_on", models.DateField(blank=True, null=True, verbose_name="向监管部门报告日期")),
                ("regulator_receipt", models.CharField(blank=True, max_length=100, verbose_name="监管部门回执")),
                ("congress_on", models.DateField(blank=True, null=True, verbose_name="向职工代表大会报告日期")),
                ("congress_receipt", models.CharField(blank=True, max_length=100, verbose_name="职工代表大会回执")),
            ],
            options={
                "verbose_name": "双报告",
                "verbose_name_plural": "双报告",
            },
        ),
        migrations.CreateModel(
            name="TreatmentPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="treatment_plan", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("goals", models.TextField(verbose_name="治理的目标和任务")),
                ("methods", models.TextField(verbose_name="采取的方法和措施")),
                ("resources", models.TextField(verbose_name="经费和物资的落实")),
                ("people", models.TextField(verbose_name="负责治理的机构和人员")),
                ("schedule", models.TextField(verbose_name="治理的时限和要求")),
                ("safety", models.TextField(verbose_name="安全措施和应急预案")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "治理方案",
                "verbose_name_plural": "治理方案",
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rectifications", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("round", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("statement", models.TextField(verbose_name="整改情况")),
                ("done_on", models.DateField(verbose_name="完成日期")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="填报时间")),
            ],
            options={
                "verbose_name": "整改",
                "verbose_name_plural": "整改",
                "ordering": ["hazard", "-round"],
                "constraints": [models.UniqueConstraint(fields=("hazard", "round"), name="one_rectification_a_round")],
            },
        ),
        migrations.CreateModel(
            name="Reinspection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reinspections", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("round", models.PositiveSmallIntegerField(verbose_name="第几次")),
                ("on", models.DateField(verbose_name="复查日期")),
                ("on_site", models.BooleanField(default=True, verbose_name="现场复查")),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "合格"), ("failed", "不合格")], max_length=8, verbose_name="结论"
                    ),
                ),
                ("opinion", models.TextField(verbose_name="复查意见")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "复查",
                "verbose_name_plural": "复查",
                "ordering": ["hazard", "-round"],
                "indexes": [models.Index(fields=["recorded_by", "recorded_at"], name="hazards_rei_recorde_54ef16_idx")],
                "constraints": [models.UniqueConstraint(fields=("hazard", "round"), name="one_reinspection_a_round")],
            },
        ),
        migrations.CreateModel(
            name="ReinspectionOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reinspection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="hazards.reinspection",
                    ),
                ),
                ("county", common.county.CountyField(of="reinspection__county")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "复查人",
                "verbose_name_plural": "复查人",
                "constraints": [
                    models.UniqueConstraint(fields=("reinspection", "officer"), name="officer_once_a_reinspection")
                ],
            },
        ),
        migrations.CreateModel(
            name="PhotoPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="common.evidence"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="photo_prints", to="hazards.hazard"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.region"
                    ),
                ),
                ("side", models.CharField(choices=[("before", "整改前"), ("after", "整改后")], max_length=6)),
                ("round", models.PositiveSmallIntegerField(default=0)),
                ("dhash", models.CharField(blank=True, max_length=16)),
                ("band_0", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("band_1", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("band_2", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("band_3", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("band_4", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("band_5", models.PositiveSmallIntegerField(db_index=True, null=True)),
                ("taken_at", models.DateTimeField(null=True, verbose_name="拍摄时间")),
                ("has_gps", models.BooleanField(default=False, verbose_name="带有定位")),
            ],
            options={
                "verbose_name": "照片特征",
                "verbose_name_plural": "照片特征",
            },
        ),
        migrations.CreateModel(
            name="StatementPrint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rectification",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hazards.rectification"
                    ),
                ),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="hazards.hazard"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.region"),
                ),
                ("digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "整改文字特征",
                "verbose_name_plural": "整改文字特征",
                "indexes": [models.Index(fields=["digest", "region"], name="hazards_sta_digest_c2c41e_idx")],
            },
        ),
        migrations.CreateModel(
            name="Sign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signs",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same_photo", "整改前后照片相同"),
                            ("near_photo", "整改前后照片几乎相同"),
                            ("photo_again", "退回后用了旧照片"),
                            ("photo_elsewhere", "照片用于别的隐患"),
                            ("taken_before", "照片早于隐患发现"),
                            ("taken_long_ago", "照片早于填报多日"),
                            ("closed_at_once", "填报后很快销号"),
                            ("many_closed", "短时间大量销号"),
                            ("copied_words", "整改说明雷同"),
                        ],
                        max_length=20,
                        verbose_name="疑点",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=80)),
                ("words", models.CharField(max_length=300, verbose_name="看到的情况")),
                (
                    "evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.evidence",
                        verbose_name="照片",
                    ),
                ),
                (
                    "other_evidence",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.evidence",
                        verbose_name="对比照片",
                    ),
                ),
                (
                    "other_hazard",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="hazards.hazard",
                        verbose_name="另一条隐患",
                    ),
                ),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="发现时间")),
                (
                    "verdict",
                    models.CharField(
                        choices=[("open", "待判断"), ("fine", "没有问题"), ("suspicious", "可疑")],
                        default="open",
                        max_length=10,
                        verbose_name="判断",
                    ),
                ),
                ("verdict_words", models.CharField(blank=True, max_length=300, verbose_name="判断说明")),
                (
                    "judged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="判断人",
                    ),
                ),
                ("judged_at", models.DateTimeField(null=True, verbose_name="判断时间")),
            ],
            options={
                "verbose_name": "整改疑点",
                "verbose_name_plural": "整改疑点",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["verdict", "kind"], name="hazards_sig_verdict_6039d3_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("hazard", "kind", "key"), name="sign_once_about_a_hazard"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("verdict", "open"),
                            models.Q(("judged_at__isnull", False), ("judged_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="judged_sign_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("verdict", "suspicious"), _negated=True),
                            models.Q(("verdict_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="suspicion_is_put_in_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="look_backs",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                (
                    "sign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="look_backs",
                        to="hazards.sign",
                        verbose_name="由疑点引起",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="安排理由")),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                (
                    "ordered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="安排人",
                    ),
                ),
                ("ordered_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="安排时间")),
                ("on", models.DateField(blank=True, null=True, verbose_name="回头看日期")),
                ("holds", models.BooleanField(blank=True, null=True, verbose_name="整改属实")),
                ("opinion", models.TextField(blank=True, verbose_name="看到的情况")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officers",
                    models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="回头看人员"),
                ),
            ],
            options={
                "verbose_name": "回头看",
                "verbose_name_plural": "回头看",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("on__isnull", True)),
                        fields=("hazard",),
                        name="one_open_look_back_per_hazard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("on__isnull", True),
                            models.Q(("holds__isnull", False), models.Q(("opinion", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="made_look_back_says_what_was_seen",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Risk",
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
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="risks",
                        to="hazards.minearea",
                        verbose_name="区域",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="风险点")),
                ("description", models.TextField(verbose_name="风险描述")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("major", "重大风险"),
                            ("larger", "较大风险"),
                            ("general", "一般风险"),
                            ("low", "低风险"),
                        ],
                        max_length=8,
                        verbose_name="风险等级",
                    ),
                ),
                ("accident_types", models.JSONField(blank=True, default=list, verbose_name="可能的事故")),
                ("measures", models.TextField(verbose_name="管控措施")),
                ("responsible_unit", models.CharField(blank=True, max_length=100, verbose_name="责任部门")),
                ("responsible_person", models.CharField(max_length=40, verbose_name="责任人")),
                ("review_on", models.DateField(verbose_name="应复评日期")),
                ("reviewed_on", models.DateField(blank=True, null=True, verbose_name="上次评估")),
                (
                    "state",
                    models.CharField(
                        choices=[("in_force", "管控中"), ("lifted", "已解除")],
                        default="in_force",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
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
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "安全风险",
                "verbose_name_plural": "安全风险",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["state", "review_on"], name="hazards_ris_state_a5843e_idx"),
                    models.Index(fields=["level", "state"], name="hazards_ris_level_74b046_idx"),
                ],
                "constraints": [models.UniqueConstraint(fields=("area", "name"), name="risk_name_once_in_an_area")],
            },
        ),
        migrations.CreateModel(
            name="TipOff",
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
                ("number", models.CharField(max_length=40, unique=True, verbose_name="编号")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "网页"),
                            ("phone", "电话"),
                            ("letter", "来信"),
                            ("visit", "来访"),
                            ("assigned", "上级转办"),
                        ],
                        default="web",
                        max_length=10,
                        verbose_name="渠道",
                    ),
                ),
                (
                    "mine",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tip_offs",
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                ("mine_name", models.CharField(blank=True, max_length=100, verbose_name="举报的矿山")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                ("happened", models.CharField(blank=True, max_length=100, verbose_name="发生时间")),
                ("description", models.TextField(verbose_name="举报内容")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间")),
                ("verify_by", models.DateField(verbose_name="应核查日期")),
                ("answer_by", models.DateField(verbose_name="应答复日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "待核查"),
                            ("verified", "已核查"),
                            ("handled", "已处理"),
                            ("answered", "已答复"),
                            ("accounted", "已追责"),
                            ("closed", "已办结"),
                            ("not_accepted", "不予受理"),
                            ("handed_over", "已移送"),
                        ],
                        default="received",
                        max_length=14,
                        verbose_name="状态",
                    ),
                ),
                (
                    "finding",
                    models.CharField(
                        blank=True,
                        choices=[("true", "属实"), ("partly", "部分属实"), ("false", "不属实")],
                        max_length=8,
                        verbose_name="核查结论",
                    ),
                ),
                ("finding_words", models.TextField(blank=True, verbose_name="核查情况")),
                ("verified_on", models.DateField(blank=True, null=True, verbose_name="核查日期")),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("handling", models.TextField(blank=True, verbose_name="处理情况")),
                ("handled_on", models.DateField(blank=True, null=True, verbose_name="处理日期")),
                ("handed_to", models.CharField(blank=True, max_length=100, verbose_name="移送单位")),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("accountability", models.TextField(blank=True, verbose_name="责任追究")),
                (
                    "hazard",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tip_offs",
                        to="hazards.hazard",
                        verbose_name="登记的隐患",
                    ),
                ),
                ("code_hash", models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                (
                    "registered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "举报",
                "verbose_name_plural": "举报",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["region", "state", "answer_by"], name="hazards_tip_region__7e53f6_idx")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ("verified", "handled", "accounted")), _negated=True),
                            models.Q(("finding", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="tip_off_is_verified_before_it_is_handled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("answered", "accounted", "closed", "not_accepted", "handed_over")),
                                _negated=True,
                            ),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="answered_tip_off_has_its_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TipOffContact",
            fields=[
                (
                    "tip_off",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="contact",
                        serialize=False,
                        to="hazards.tipoff",
                    ),
                ),
                ("county", common.county.CountyField(of="tip_off__region")),
                ("name", common.encryption.EncryptedTextField(blank=True, max_length=40, verbose_name="姓名")),
                ("phone", common.encryption.EncryptedTextField(blank=True, max_length=40, verbose_name="联系电话")),
            ],
            options={
                "verbose_name": "举报人联系方式",
                "verbose_name_plural": "举报人联系方式",
            },
        ),
        migrations.CreateModel(
            name="TipOffOfficer",
            fields=[
                (
                    "region",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="units.region",
                        verbose_name="地区",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="举报专办员",
                    ),
                ),
            ],
            options={
                "verbose_name": "举报专办员",
                "verbose_name_plural": "举报专办员",
            },
        ),
        migrations.CreateModel(
            name="TipOffReward",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tip_off",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rewards", to="hazards.tipoff"
                    ),
                ),
                ("county", common.county.CountyField(of="tip_off__region")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=9, verbose_name="奖励金额（元）")),
                ("basis", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "待审批"),
                            ("approved", "已同意"),
                            ("refused", "未同意"),
                            ("paid", "已发放"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="提出人",
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="发放日期")),
            ],
            options={
                "verbose_name": "举报奖励",
                "verbose_name_plural": "举报奖励",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="reward_is_something"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="reward_is_decided_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("proposed", "refused")), ("decided_by__isnull", False), _connector="OR"
                        ),
                        name="reward_is_decided_before_it_is_paid",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "approved", "paid"))),
                        fields=("tip_off",),
                        name="one_reward_for_a_tip_off",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Knock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("door", models.CharField(max_length=20)),
                ("caller", models.CharField(blank=True, max_length=64)),
                ("hour", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "公众页面访问计数",
                "verbose_name_plural": "公众页面访问计数",
                "constraints": [models.UniqueConstraint(fields=("door", "caller", "hour"), name="knocks_counted_once")],
            },
        ),
        migrations.CreateModel(
            name="HazardSuspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="suspensions", to="hazards.hazard"
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("reason", models.CharField(max_length=300, verbose_name="暂缓理由")),
                ("paper", models.CharField(max_length=120, verbose_name="停产文书")),
                ("since", models.DateField(verbose_name="暂缓起始日期")),
                ("resumed_on", models.DateField(blank=True, null=True, verbose_name="恢复办理日期")),
                ("resumed_paper", models.CharField(blank=True, max_length=120, verbose_name="复产文书")),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "停产暂缓",
                "verbose_name_plural": "停产暂缓",
                "ordering": ["hazard", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_on__isnull", True)),
                        fields=("hazard",),
                        name="one_open_suspension_per_hazard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resumed_on__isnull", True), ("resumed_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="suspension_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hand_overs",
                        to="hazards.hazard",
                        verbose_name="隐患",
                    ),
                ),
                ("county", common.county.CountyField(of="hazard__region")),
                ("receiver", models.CharField(max_length=200, verbose_name="移送至")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        help_text="接收部门在本系统中的单位；它的联络员可以自己签收、填报和答复。",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="接收单位",
                    ),
                ),
                ("letter", models.CharField(max_length=60, verbose_name="移送函文号")),
                ("reason", models.TextField(verbose_name="移送理由")),
                ("sent_on", models.DateField(verbose_name="移送日期")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                ("receipt", models.CharField(blank=True, max_length=120, verbose_name="签收人或回执")),
                ("treatment", models.TextField(blank=True, verbose_name="办理情况")),
                ("treatment_on", models.DateField(blank=True, null=True, verbose_name="填报日期")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("waiting", "等待答复"), ("treated", "答复已整改"), ("taken_back", "收回办理")],
                        default="waiting",
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("answer", models.TextField(blank=True, verbose_name="答复内容")),
                ("answer_paper", models.CharField(blank=True, max_length=60, verbose_name="答复文号")),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "隐患移送",
                "verbose_name_plural": "隐患移送",
                "ordering": ["hazard", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "waiting")),
                        fields=("hazard",),
                        name="one_open_hand_over_per_hazard",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", "waiting"),
                            models.Q(("answered_on__isnull", False), models.Q(("answer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="ended_hand_over_says_when_and_why",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="Reinspection",
            name="officers",
            field=models.ManyToManyField(
                related_name="+", through="hazards.ReinspectionOfficer", to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
