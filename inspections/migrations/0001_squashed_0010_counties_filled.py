import common.county
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("inspections", "0001_checklists_and_visits"),
        ("inspections", "0002_enforcement_documents"),
        ("inspections", "0003_field_entries"),
        ("inspections", "0004_plans_and_groups"),
        ("inspections", "0005_look_back_draws"),
        ("inspections", "0006_measures"),
        ("inspections", "0007_clues"),
        ("inspections", "0008_proposed_findings"),
        ("inspections", "0009_counties"),
        ("inspections", "0010_counties_filled"),
    ]

    initial = True

    dependencies = [
        ("hazards", "0001_squashed_0014_counties_filled"),
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Checklist",
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
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                (
                    "mine_type",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("coal_underground", "井工煤矿"),
                            ("coal_open_pit", "露天煤矿"),
                            ("noncoal_underground", "金属非金属地下矿山"),
                            ("noncoal_open_pit", "金属非金属露天矿山"),
                            ("tailings_pond", "尾矿库"),
                        ],
                        max_length=24,
                        verbose_name="矿山类型",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("drafting", "编制中"), ("in_use", "使用中"), ("retired", "已停用")],
                        default="drafting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编制人",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="编制时间")),
            ],
            options={
                "verbose_name": "检查表",
                "verbose_name_plural": "检查表",
                "ordering": ["name", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "name", "version"), name="checklist_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "drafting")),
                        fields=("region", "name"),
                        name="one_draft_per_checklist",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "in_use")), fields=("region", "name"), name="one_checklist_in_use"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChecklistItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checklist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="inspections.checklist"
                    ),
                ),
                ("county", common.county.CountyField(of="checklist__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("section", models.CharField(blank=True, max_length=60, verbose_name="分类")),
                ("text", models.CharField(max_length=500, verbose_name="检查内容")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.clause",
                        verbose_name="判定条款",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查项",
                "verbose_name_plural": "检查项",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("checklist", "position"), name="checklist_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PatrolGroup",
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
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="patrol_groups", to=settings.AUTH_USER_MODEL, verbose_name="成员"
                    ),
                ),
                (
                    "mines",
                    models.ManyToManyField(related_name="patrol_groups", to="units.unit", verbose_name="包保矿山"),
                ),
            ],
            options={
                "verbose_name": "检查小组",
                "verbose_name_plural": "检查小组",
                "ordering": ["name", "pk"],
                "constraints": [models.UniqueConstraint(fields=("region", "name"), name="patrol_group_name_once")],
            },
        ),
        migrations.CreateModel(
            name="InspectionPlan",
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
                ("begins_on", models.DateField(verbose_name="起算日期")),
                ("words", models.TextField(blank=True, verbose_name="工作重点")),
                ("paper", models.CharField(blank=True, max_length=100, verbose_name="批准文件")),
                (
                    "state",
                    models.CharField(
                        choices=[("drafting", "编制中"), ("in_force", "执行中")],
                        default="drafting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="编制人",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="编制时间")),
            ],
            options={
                "verbose_name": "检查计划",
                "verbose_name_plural": "检查计划",
                "ordering": ["-year", "region"],
                "constraints": [models.UniqueConstraint(fields=("region", "year"), name="one_inspection_plan_a_year")],
            },
        ),
        migrations.CreateModel(
            name="CoverageRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rules",
                        to="inspections.inspectionplan",
                        verbose_name="检查计划",
                    ),
                ),
                ("county", common.county.CountyField(of="plan__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.patrolgroup",
                        verbose_name="检查小组",
                    ),
                ),
                ("mine_types", models.JSONField(blank=True, default=list, verbose_name="矿山类型")),
                ("kinds", models.JSONField(blank=True, default=list, verbose_name="检查方式")),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("week", "每周"),
                            ("month", "每月"),
                            ("quarter", "每季度"),
                            ("half", "每半年"),
                            ("year", "每年"),
                        ],
                        max_length=8,
                        verbose_name="周期",
                    ),
                ),
                (
                    "times",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="次数",
                    ),
                ),
                ("full", models.BooleanField(default=False, verbose_name="全面检查")),
                ("source", models.CharField(max_length=300, verbose_name="依据")),
            ],
            options={
                "verbose_name": "检查覆盖要求",
                "verbose_name_plural": "检查覆盖要求",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "position"), name="coverage_position_once"),
                    models.CheckConstraint(condition=models.Q(("times__gte", 1)), name="coverage_asks_for_a_visit"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlannedVisit",
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
                (
                    "plan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.inspectionplan",
                        verbose_name="检查计划",
                    ),
                ),
                (
                    "mine",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="planned_visits",
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="inspections.patrolgroup",
                        verbose_name="检查小组",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "计划检查"),
                            ("special", "专项检查"),
                            ("unannounced", "四不两直"),
                            ("cross", "交叉检查"),
                            ("look_back", "回头看"),
                            ("five_group", "五人小组检查"),
                            ("remote", "远程检查"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="检查方式",
                    ),
                ),
                ("begins_on", models.DateField(verbose_name="最早")),
                ("due_on", models.DateField(verbose_name="最迟")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="安排理由")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "已安排"), ("dropped", "已取消")],
                        default="planned",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="安排人",
                    ),
                ),
                ("planned_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="安排时间")),
            ],
            options={
                "verbose_name": "计划检查",
                "verbose_name_plural": "计划检查",
                "ordering": ["due_on", "pk"],
                "indexes": [models.Index(fields=["region", "state", "due_on"], name="inspections_region__c97d12_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("begins_on"))),
                        name="planned_visit_ends_after_it_begins",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "planned")),
                        fields=("mine", "kind", "begins_on"),
                        name="mine_planned_once_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "officer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="certificate",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="执法人员",
                    ),
                ),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="执法证号")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
            ],
            options={
                "verbose_name": "执法证件",
                "verbose_name_plural": "执法证件",
                "ordering": ["officer_id"],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
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
                        related_name="visits",
                        to="units.unit",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "计划检查"),
                            ("special", "专项检查"),
                            ("unannounced", "四不两直"),
                            ("cross", "交叉检查"),
                            ("look_back", "回头看"),
                            ("five_group", "五人小组检查"),
                            ("remote", "远程检查"),
                        ],
                        max_length=12,
                        verbose_name="检查方式",
                    ),
                ),
                (
                    "checklist",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.checklist",
                        verbose_name="检查表",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.patrolgroup",
                        verbose_name="检查小组",
                    ),
                ),
                (
                    "planned",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="inspections.plannedvisit",
                        verbose_name="计划",
                    ),
                ),
                ("is_full", models.BooleanField(default=False, verbose_name="全面检查")),
                ("begun_on", models.DateField(verbose_name="检查开始")),
                ("ended_on", models.DateField(verbose_name="检查结束")),
                ("places", models.CharField(max_length=500, verbose_name="检查地点")),
                ("companion", models.CharField(blank=True, max_length=60, verbose_name="矿方陪同人员")),
                ("measures", models.TextField(blank=True, verbose_name="现场处理措施")),
                ("summary", models.TextField(blank=True, verbose_name="检查情况")),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "检查中"), ("finished", "已完成"), ("void", "已作废")],
                        default="running",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "检查",
                "verbose_name_plural": "检查",
                "ordering": ["-begun_on", "-pk"],
                "indexes": [
                    models.Index(fields=["region", "begun_on"], name="inspections_region__b274a4_idx"),
                    models.Index(fields=["mine", "begun_on"], name="inspections_mine_id_749899_idx"),
                    models.Index(fields=["region", "state"], name="inspections_region__88e367_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ended_on__gte", models.F("begun_on"))), name="visit_ends_after_it_begins"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitOfficer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="officers", to="inspections.visit"
                    ),
                ),
                ("county", common.county.CountyField(of="visit__region")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="执法人员",
                    ),
                ),
                ("certificate", models.CharField(max_length=40, verbose_name="执法证号")),
            ],
            options={
                "verbose_name": "检查人员",
                "verbose_name_plural": "检查人员",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("visit", "officer"), name="officer_once_in_a_visit")],
            },
        ),
        migrations.CreateModel(
            name="VisitResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="results", to="inspections.visit"
                    ),
                ),
                ("county", common.county.CountyField(of="visit__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("section", models.CharField(blank=True, max_length=60, verbose_name="分类")),
                ("text", models.CharField(max_length=500, verbose_name="检查内容")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="依据")),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="hazards.clause",
                    ),
                ),
                ("is_own", models.BooleanField(default=False, verbose_name="现场添加")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("passed", "合格"), ("failed", "不合格"), ("na", "不涉及")],
                        max_length=8,
                        verbose_name="结果",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=1000, verbose_name="情况")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="地点")),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[("general", "一般隐患"), ("major", "重大隐患")],
                        max_length=10,
                        verbose_name="初定等级",
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="初定整改期限")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="检查时间")),
                (
                    "look_back",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="hazards.lookback",
                        verbose_name="回头看",
                    ),
                ),
                (
                    "hazard",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding",
                        to="hazards.hazard",
                        verbose_name="登记的隐患",
                    ),
                ),
            ],
            options={
                "verbose_name": "检查结果",
                "verbose_name_plural": "检查结果",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "failed"), _negated=True),
                            models.Q(("words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="fault_says_what_is_wrong",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hazard__isnull", True), ("outcome", "failed"), _connector="OR"),
                        name="hazard_comes_from_a_fault",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clue",
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
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                (
                    "visit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clues",
                        to="inspections.visit",
                        verbose_name="检查",
                    ),
                ),
                ("subject", models.CharField(max_length=100, verbose_name="涉及单位或人员")),
                ("facts", models.TextField(verbose_name="线索内容")),
                ("basis", models.TextField(verbose_name="移送理由")),
                (
                    "receiver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="接收部门（系统内）",
                    ),
                ),
                ("receiver_name", models.CharField(max_length=100, verbose_name="接收部门")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "起草中"),
                            ("submitted", "待审批"),
                            ("sent", "已移送"),
                            ("received", "已签收"),
                            ("answered", "已答复"),
                            ("refused", "不予受理"),
                            ("void", "已作废"),
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
                        verbose_name="起草人",
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="起草时间")),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发人",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="移送日期")),
                ("answer_by", models.DateField(blank=True, null=True, verbose_name="应答复日期")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                ("received_by", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("filed", "立案查处"), ("handled", "已处理"), ("no_fault", "查无违法")],
                        max_length=10,
                        verbose_name="处理结果",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复内容")),
            ],
            options={
                "verbose_name": "线索移送",
                "verbose_name_plural": "线索移送",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["region", "state", "answer_by"], name="inspections_region__54f317_idx")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True), fields=("number",), name="clue_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("drafted", "submitted", "void")),
                            models.Q(
                                ("answer_by__isnull", False), ("sent_by__isnull", False), ("sent_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="sent_clue_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_by__isnull", True),
                            models.Q(("sent_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="clue_is_not_sent_by_its_drafter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "answered"), _negated=True),
                            models.Q(
                                ("answered_on__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("outcome", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="answered_clue_says_what_became_of_it",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="inspections.visit",
                        verbose_name="检查",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="inspections.document",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("record", "现场检查记录"),
                            ("measure", "现场处理措施决定书"),
                            ("coercive", "查封扣押决定书"),
                            ("order", "责令限期整改指令书"),
                            ("recheck", "整改复查意见书"),
                            ("notice", "行政处罚告知书"),
                            ("hearing", "听证笔录"),
                            ("decision", "行政处罚决定书"),
                            ("closing", "结案审批表"),
                        ],
                        max_length=12,
                        verbose_name="文书",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度")),
                ("serial", models.PositiveIntegerField(blank=True, null=True, verbose_name="序号")),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="文号")),
                ("facts", models.TextField(verbose_name="事实和情况")),
                ("demand", models.TextField(verbose_name="依据和决定")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("review_organ", models.CharField(blank=True, max_length=100, verbose_name="行政复议机关")),
                ("court", models.CharField(blank=True, max_length=100, verbose_name="行政诉讼法院")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "起草中"),
                            ("submitted", "待审批"),
                            ("approved", "已签发"),
                            ("closed", "已归档"),
                            ("void", "已作废"),
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
                        verbose_name="起草人",
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="起草时间")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                    ),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="签发日期")),
                ("received_by", models.CharField(blank=True, max_length=40, verbose_name="签收人")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                ("publish_by", models.DateField(blank=True, null=True, verbose_name="应公示日期")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="公示日期")),
                ("published_at", models.CharField(blank=True, max_length=200, verbose_name="公示处")),
            ],
            options={
                "verbose_name": "执法文书",
                "verbose_name_plural": "执法文书",
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(fields=["region", "state"], name="inspections_region__2d4f23_idx"),
                    models.Index(fields=["publish_by"], name="inspections_publish_1cd131_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "kind", "year", "serial"), name="document_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("record",)), ("parent__isnull", False), _connector="OR"),
                        name="document_follows_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("drafted", "submitted", "void")),
                            models.Q(
                                ("approved_by__isnull", False), ("issued_on__isnull", False), ("serial__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="approved_document_has_its_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(("approved_by", models.F("drafted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="document_is_not_approved_by_its_drafter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentHazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="inspections.document"
                    ),
                ),
                ("county", common.county.CountyField(of="document__region")),
                (
                    "hazard",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="document_lines", to="hazards.hazard"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("text", models.TextField(verbose_name="问题隐患")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="期限")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="复查情况")),
            ],
            options={
                "verbose_name": "文书所列隐患",
                "verbose_name_plural": "文书所列隐患",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "hazard"), name="hazard_once_in_a_document")
                ],
            },
        ),
        migrations.CreateModel(
            name="Penalty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="penalties", to="inspections.document"
                    ),
                ),
                ("county", common.county.CountyField(of="document__region")),
                (
                    "subject",
                    models.CharField(
                        choices=[("unit", "单位"), ("head", "主要负责人")], max_length=4, verbose_name="处罚对象"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="名称或姓名")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="金额（元）")),
                ("paid_on", models.DateField(blank=True, null=True, verbose_name="缴纳日期")),
            ],
            options={
                "verbose_name": "罚款",
                "verbose_name_plural": "罚款",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "subject"), name="one_penalty_per_subject"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="penalty_is_more_than_nothing"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="measures", to="inspections.document"
                    ),
                ),
                ("county", common.county.CountyField(of="document__region")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("stop_equipment", "停止使用设备"),
                            ("stop_part", "局部停止作业"),
                            ("stop_mine", "停产整顿"),
                            ("suspend_licence", "暂扣许可证"),
                            ("joint", "联合惩戒"),
                            ("exposure", "公开曝光"),
                        ],
                        max_length=16,
                        verbose_name="措施",
                    ),
                ),
                ("quantity", models.PositiveSmallIntegerField(verbose_name="数量")),
            ],
            options={
                "verbose_name": "处理措施",
                "verbose_name_plural": "处理措施",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("document", "kind"), name="measure_once_in_a_document"),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="measure_is_more_than_nothing"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookBackDraw",
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
                ("closed_from", models.DateField(verbose_name="销号日期从")),
                ("closed_until", models.DateField(verbose_name="销号日期到")),
                ("random_count", models.PositiveSmallIntegerField(verbose_name="随机抽取")),
                ("risk_count", models.PositiveSmallIntegerField(verbose_name="按风险抽取")),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                ("method", models.CharField(max_length=20, verbose_name="方法")),
                ("seed", models.CharField(max_length=32, verbose_name="随机种子")),
                ("pool", models.JSONField(verbose_name="抽取范围")),
                ("digest", models.CharField(max_length=64, verbose_name="抽取范围的摘要")),
                (
                    "drawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="抽取人",
                    ),
                ),
                ("drawn_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="抽取时间")),
            ],
            options={
                "verbose_name": "回头看抽查",
                "verbose_name_plural": "回头看抽查",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="DrawnHazard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "draw",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="drawn", to="inspections.lookbackdraw"
                    ),
                ),
                ("county", common.county.CountyField(of="draw__region")),
                (
                    "look_back",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drawn",
                        to="hazards.lookback",
                        verbose_name="回头看",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("random", "随机"), ("risk", "按风险")], max_length=6, verbose_name="方式"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("points", models.PositiveSmallIntegerField(verbose_name="风险分")),
            ],
            options={
                "verbose_name": "抽中的隐患",
                "verbose_name_plural": "抽中的隐患",
                "ordering": ["rank"],
                "constraints": [models.UniqueConstraint(fields=("draw", "rank"), name="drawn_rank_once")],
            },
        ),
        migrations.CreateModel(
            name="FieldEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inspections.visit"
                    ),
                ),
                ("county", common.county.CountyField(of="visit__region")),
                (
                    "result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inspections.visitresult"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="手机上填写的时间")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="收到时间")),
            ],
            options={
                "verbose_name": "手机上传记录",
                "verbose_name_plural": "手机上传记录",
                "ordering": ["pk"],
            },
        ),
    ]
