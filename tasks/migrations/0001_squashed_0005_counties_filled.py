import common.county
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("tasks", "0001_initial"),
        ("tasks", "0002_reports"),
        ("tasks", "0003_added_tasks"),
        ("tasks", "0004_counties"),
        ("tasks", "0005_counties_filled"),
    ]

    initial = True

    dependencies = [
        ("common", "0001_squashed_0005_counties"),
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="campaigns",
                        to="units.region",
                        verbose_name="实施地区",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("document_number", models.CharField(blank=True, max_length=80, verbose_name="文号")),
                ("issuer", models.CharField(blank=True, max_length=100, verbose_name="印发单位")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="印发日期")),
                ("start", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束")),
                (
                    "level",
                    models.CharField(
                        choices=[("national", "国家"), ("province", "省"), ("city", "市"), ("county", "县")],
                        default="county",
                        max_length=10,
                        verbose_name="级别",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "实施中"), ("closed", "已结束")],
                        default="active",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("protection_measures", models.JSONField(blank=True, default=list, verbose_name="保障措施")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="建立人",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
            ],
            options={
                "verbose_name": "专项行动",
                "verbose_name_plural": "专项行动",
                "ordering": ["-start", "-pk"],
                "indexes": [models.Index(fields=["region", "state"], name="tasks_campa_region__f2618b_idx")],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="stages", to="tasks.campaign"
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(max_length=100, verbose_name="阶段")),
                ("start", models.DateField(blank=True, null=True, verbose_name="开始")),
                ("end", models.DateField(blank=True, null=True, verbose_name="结束")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
            ],
            options={
                "verbose_name": "阶段",
                "verbose_name_plural": "阶段",
                "ordering": ["campaign", "position"],
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="tasks.campaign"
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="children",
                        to="tasks.section",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("depth", models.PositiveSmallIntegerField(default=0, verbose_name="层级")),
                ("title", models.CharField(max_length=300, verbose_name="标题")),
            ],
            options={
                "verbose_name": "章节",
                "verbose_name_plural": "章节",
                "ordering": ["campaign", "position"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="tasks.campaign"
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                (
                    "section",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="tasks.section",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tasks.task",
                    ),
                ),
                ("position", models.PositiveIntegerField(verbose_name="顺序")),
                ("ref", models.CharField(max_length=40, verbose_name="编号")),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="原文序号")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="标题")),
                ("text", models.TextField(blank=True, verbose_name="任务内容")),
                ("responsibility_text", models.TextField(blank=True, verbose_name="责任原文")),
                ("deadline_text", models.TextField(blank=True, verbose_name="完成时限")),
                ("is_parent", models.BooleanField(default=False)),
                ("is_ongoing", models.BooleanField(default=False, verbose_name="长期坚持")),
                ("units_open", models.BooleanField(default=False, verbose_name="责任单位含“等”")),
                ("source_span", models.JSONField(blank=True, null=True, verbose_name="原文位置")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("is_added", models.BooleanField(default=False, verbose_name="方案以外增加")),
            ],
            options={
                "verbose_name": "任务",
                "verbose_name_plural": "任务",
                "ordering": ["campaign", "position"],
                "indexes": [
                    models.Index(fields=["campaign", "section", "position"], name="tasks_task_campaig_e2ef78_idx")
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="responsibilities", to="tasks.task"
                    ),
                ),
                ("county", common.county.CountyField(of="task__county")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("printed_name", models.CharField(max_length=200, verbose_name="原文名称")),
                ("expanded", models.CharField(blank=True, max_length=200, verbose_name="补全名称")),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "责任"), ("cooperating", "配合")],
                        default="responsible",
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                ("is_collective", models.BooleanField(default=False, verbose_name="一类单位")),
                ("is_blanket", models.BooleanField(default=False, verbose_name="全文统一规定")),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="units.unit",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="responsibilities",
                        to="units.unitgroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "责任单位（原文）",
                "verbose_name_plural": "责任单位（原文）",
                "ordering": ["task", "position"],
            },
        ),
        migrations.CreateModel(
            name="Recurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recurrences", to="tasks.task"
                    ),
                ),
                ("county", common.county.CountyField(of="task__county")),
                (
                    "every",
                    models.CharField(
                        choices=[
                            ("week", "每周"),
                            ("half_month", "每半月"),
                            ("month", "每月"),
                            ("quarter", "每季度"),
                            ("half_year", "每半年"),
                            ("year", "每年"),
                        ],
                        max_length=10,
                        verbose_name="频次",
                    ),
                ),
                ("times", models.PositiveSmallIntegerField(default=1, verbose_name="次数")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="原文")),
                ("begins_on", models.DateField(blank=True, null=True, verbose_name="起算日期")),
            ],
            options={
                "verbose_name": "周期要求",
                "verbose_name_plural": "周期要求",
                "ordering": ["task", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportingDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_duties",
                        to="tasks.campaign",
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("what", models.CharField(max_length=300, verbose_name="报送内容")),
                ("reporter", models.CharField(blank=True, max_length=200, verbose_name="报送单位")),
                ("receiver", models.CharField(blank=True, max_length=200, verbose_name="接收单位")),
                ("every", models.CharField(blank=True, max_length=10, verbose_name="频次")),
                ("due", models.CharField(blank=True, max_length=40, verbose_name="报送日")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
            ],
            options={
                "verbose_name": "报送要求",
                "verbose_name_plural": "报送要求",
                "ordering": ["campaign", "position"],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="tasks.campaign"
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                (
                    "task",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="tasks.task",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("text", models.TextField(verbose_name="原文")),
                ("indicator", models.CharField(max_length=200, verbose_name="指标")),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="目标值"),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "comparator",
                    models.CharField(
                        blank=True,
                        choices=[(">=", "不低于"), ("<=", "不超过"), ("=", "等于")],
                        max_length=2,
                        verbose_name="比较",
                    ),
                ),
                ("by", models.DateField(blank=True, null=True, verbose_name="期限")),
            ],
            options={
                "verbose_name": "目标",
                "verbose_name_plural": "目标",
                "ordering": ["campaign", "position"],
            },
        ),
        migrations.CreateModel(
            name="TargetReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="tasks.target"
                    ),
                ),
                ("county", common.county.CountyField(of="target__county")),
                ("on", models.DateField(verbose_name="日期")),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="数值"),
                ),
                ("is_met", models.BooleanField(blank=True, null=True, verbose_name="已达到")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "目标读数",
                "verbose_name_plural": "目标读数",
                "ordering": ["target", "-on", "-pk"],
                "get_latest_by": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.region"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="tasks.task",
                        verbose_name="任务",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "responsibility",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assignments",
                        to="tasks.responsibility",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "牵头"), ("responsible", "责任"), ("cooperating", "配合")],
                        default="responsible",
                        max_length=12,
                        verbose_name="职责",
                    ),
                ),
                ("printed_name", models.CharField(blank=True, max_length=200, verbose_name="原文名称")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("not_started", "未开始"),
                            ("in_progress", "推进中"),
                            ("submitted", "待审核"),
                            ("returned", "已退回"),
                            ("done", "已完成"),
                        ],
                        default="not_started",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("is_ongoing", models.BooleanField(default=False, verbose_name="长期坚持")),
                ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="进度")),
                ("summary", models.TextField(blank=True, verbose_name="主要进展及完成情况")),
                ("begins_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="起算日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="应完成日期")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成日期")),
                ("returned_count", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("withdrawn_on", models.DateField(blank=True, null=True, verbose_name="撤销日期")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "责任事项",
                "verbose_name_plural": "责任事项",
                "ordering": ["task__position", "pk"],
                "indexes": [
                    models.Index(fields=["unit", "state", "due_on"], name="tasks_assig_unit_id_b5b148_idx"),
                    models.Index(fields=["campaign", "state", "due_on"], name="tasks_assig_campaig_369576_idx"),
                    models.Index(fields=["region", "state", "due_on"], name="tasks_assig_region__df497a_idx"),
                    models.Index(fields=["campaign", "unit"], name="tasks_assig_campaig_da14cb_idx"),
                    models.Index(fields=["state", "submitted_at"], name="tasks_assig_state_0d2855_idx"),
                    models.Index(fields=["due_on", "id"], name="tasks_assig_due_on_fa18d3_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "unit"), name="one_assignment_per_task_and_unit"),
                    models.CheckConstraint(condition=models.Q(("percent__lte", 100)), name="percent_is_at_most_100"),
                    models.CheckConstraint(
                        condition=models.Q(("is_ongoing", True), ("state", "done"), _negated=True),
                        name="ongoing_assignments_are_never_done",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="deadlines", to="tasks.task"
                    ),
                ),
                ("county", common.county.CountyField(of="task__county")),
                (
                    "assignment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_deadlines",
                        to="tasks.assignment",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("date", "日期"), ("ongoing", "长期坚持"), ("relative", "相对期限")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("date", models.DateField(blank=True, null=True, verbose_name="日期")),
                ("text", models.CharField(blank=True, max_length=200, verbose_name="原文")),
                ("scope", models.CharField(blank=True, max_length=500, verbose_name="适用部分")),
                (
                    "quantity",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="数量"),
                ),
                ("quantity_unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                (
                    "comparator",
                    models.CharField(
                        blank=True,
                        choices=[(">=", "不低于"), ("<=", "不超过"), ("=", "等于")],
                        max_length=2,
                        verbose_name="比较",
                    ),
                ),
            ],
            options={
                "verbose_name": "完成时限",
                "verbose_name_plural": "完成时限",
                "ordering": ["task", "date", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("date__isnull", False), ("kind", "date")),
                            models.Q(models.Q(("kind", "date"), _negated=True), ("date__isnull", True)),
                            _connector="OR",
                        ),
                        name="deadline_has_a_date_when_it_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DueItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="due_items", to="tasks.assignment"
                    ),
                ),
                ("county", common.county.CountyField(of="assignment__region")),
                (
                    "deadline",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_items",
                        to="tasks.deadline",
                    ),
                ),
                (
                    "recurrence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="due_items",
                        to="tasks.recurrence",
                    ),
                ),
                ("period", models.CharField(blank=True, max_length=20, verbose_name="期间")),
                ("label", models.CharField(blank=True, max_length=500, verbose_name="事项")),
                ("due_on", models.DateField(verbose_name="应完成日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待完成"),
                            ("reported", "待审核"),
                            ("returned", "已退回"),
                            ("accepted", "已完成"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reported_at", models.DateTimeField(blank=True, null=True, verbose_name="填报时间")),
            ],
            options={
                "verbose_name": "到期事项",
                "verbose_name_plural": "到期事项",
                "ordering": ["due_on", "pk"],
                "indexes": [
                    models.Index(fields=["assignment", "state", "due_on"], name="tasks_dueit_assignm_6f414c_idx"),
                    models.Index(fields=["state", "due_on"], name="tasks_dueit_state_d437da_idx"),
                    models.Index(fields=["state", "reported_at"], name="tasks_dueit_state_b48ab6_idx"),
                    models.Index(fields=["due_on", "id"], name="tasks_dueit_due_on_2a28e8_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("assignment", "deadline"), name="one_due_item_per_deadline"),
                    models.UniqueConstraint(
                        fields=("assignment", "recurrence", "period"), name="one_due_item_per_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline__isnull", True), ("recurrence__isnull", True), _connector="XOR"),
                        name="due_item_of_a_deadline_or_of_a_recurrence",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="tasks.assignment"
                    ),
                ),
                ("county", common.county.CountyField(of="assignment__region")),
                (
                    "due_item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="progress",
                        to="tasks.dueitem",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(verbose_name="进度")),
                ("text", models.TextField(verbose_name="进展情况")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="填报时间")),
            ],
            options={
                "verbose_name": "进展记录",
                "verbose_name_plural": "进展记录",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DeadlineExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "due_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="tasks.dueitem"
                    ),
                ),
                ("county", common.county.CountyField(of="due_item__county")),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
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
                        verbose_name="审批人",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审批时间")),
            ],
            options={
                "verbose_name": "延期申请",
                "verbose_name_plural": "延期申请",
                "ordering": ["-requested_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("new_due_on__gt", models.F("old_due_on"))), name="extension_goes_forward"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "requested")),
                        fields=("due_item",),
                        name="one_open_extension_per_due_item",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("decided_by", models.F("requested_by")), _negated=True),
                            ("state", "withdrawn"),
                            _connector="OR",
                        ),
                        name="extension_decided_by_a_second_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanImport",
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
                ("name", models.CharField(max_length=200, verbose_name="文件名")),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="common.evidence",
                    ),
                ),
                ("pasted", models.TextField(blank=True, verbose_name="粘贴的文字")),
                ("sha256", models.CharField(db_index=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "正在读取"),
                            ("review", "待核对"),
                            ("failed", "未能读取"),
                            ("confirmed", "已建立"),
                            ("discarded", "已放弃"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="common.job",
                    ),
                ),
                ("error", models.TextField(blank=True, verbose_name="原因")),
                ("document", models.JSONField(blank=True, null=True)),
                ("plan", models.JSONField(blank=True, null=True)),
                ("draft", models.JSONField(blank=True, null=True)),
                ("matches", models.JSONField(blank=True, default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "revises",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="tasks.campaign",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="tasks.campaign",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="导入人",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="导入时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "方案导入",
                "verbose_name_plural": "方案导入",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportingRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reporting_rules",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("month", "月报"),
                            ("quarter", "季报"),
                            ("half_year", "半年报"),
                            ("year", "年报"),
                            ("stage", "阶段总结"),
                            ("summary", "行动总结"),
                        ],
                        default="month",
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("title", models.CharField(max_length=100, verbose_name="报送内容")),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unitgroup",
                        verbose_name="报送单位",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="报给",
                    ),
                ),
                (
                    "due_day",
                    models.PositiveSmallIntegerField(
                        default=28,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(31),
                        ],
                        verbose_name="报送日",
                    ),
                ),
                (
                    "months_after",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(3)],
                        verbose_name="期末后第几个月",
                    ),
                ),
                (
                    "on_day_off",
                    models.CharField(
                        choices=[
                            ("printed", "仍按原定日期"),
                            ("before", "提前到前一个工作日"),
                            ("after", "顺延到后一个工作日"),
                        ],
                        default="printed",
                        max_length=10,
                        verbose_name="遇非工作日",
                    ),
                ),
                (
                    "opens_days",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="提前几天开始填报",
                    ),
                ),
                ("begins_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="起始日期")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="截止日期")),
                ("source", models.TextField(blank=True, verbose_name="依据")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设定人",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="设定时间")),
            ],
            options={
                "verbose_name": "报送规则",
                "verbose_name_plural": "报送规则",
                "ordering": ["campaign", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("due_day__range", (1, 31))), name="reports_are_due_on_a_day_of_a_month"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="tasks.reportingrule",
                        verbose_name="报送规则",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="units.region"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                ("period", models.CharField(max_length=20, verbose_name="期间代码")),
                ("label", models.CharField(max_length=120, verbose_name="期间")),
                ("starts", models.DateField(verbose_name="期初")),
                ("ends", models.DateField(verbose_name="期末")),
                ("due_on", models.DateField(verbose_name="应报日期")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版次")),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="tasks.progressreport",
                        verbose_name="更正的是",
                    ),
                ),
                ("correction_reason", models.CharField(blank=True, max_length=300, verbose_name="更正理由")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "填报中"),
                            ("signed", "已签发"),
                            ("submitted", "待审核"),
                            ("returned", "已退回"),
                            ("accepted", "已通过"),
                            ("dropped", "已放弃"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("progress", models.TextField(blank=True, verbose_name="进展情况")),
                ("problems", models.TextField(blank=True, verbose_name="存在问题")),
                ("plans", models.TextField(blank=True, verbose_name="下步打算")),
                (
                    "edited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("edited_at", models.DateTimeField(blank=True, null=True, verbose_name="最近保存")),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="签发经办",
                    ),
                ),
                ("signed_for", models.CharField(blank=True, max_length=40, verbose_name="签发负责人")),
                ("signed_at", models.DateTimeField(blank=True, null=True, verbose_name="签发时间")),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="报送人",
                    ),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="报送时间")),
                ("first_submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="首次报送时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                ("returned_count", models.PositiveSmallIntegerField(default=0, verbose_name="退回次数")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "月报",
                "verbose_name_plural": "月报",
                "ordering": ["-ends", "due_on", "unit__sort_key", "pk"],
                "indexes": [
                    models.Index(fields=["unit", "state", "due_on"], name="tasks_progr_unit_id_164ca9_idx"),
                    models.Index(fields=["region", "state", "due_on"], name="tasks_progr_region__ae162a_idx"),
                    models.Index(fields=["rule", "period", "state"], name="tasks_progr_rule_id_5e53c1_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "unit", "period", "version"), name="one_report_per_version"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["accepted", "dropped"]), _negated=True),
                        fields=("rule", "unit", "period"),
                        name="one_open_report_per_unit_and_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version", 1), ("replaces__isnull", False), _connector="OR"),
                        name="later_version_replaces_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="公开编号"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress_imports",
                        to="tasks.campaign",
                        verbose_name="专项行动",
                    ),
                ),
                ("county", common.county.CountyField(of="campaign__region")),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="form_imports",
                        to="tasks.progressreport",
                        verbose_name="月报",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "待确认"), ("confirmed", "已写入"), ("dropped", "已放弃")],
                        default="checked",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("counts", models.JSONField(default=dict, verbose_name="结果")),
                ("batch", models.UUIDField(editable=False, null=True, verbose_name="批次")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="写入时间")),
            ],
            options={
                "verbose_name": "进展填报表",
                "verbose_name_plural": "进展填报表",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="ReportEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="tasks.progressreport"
                    ),
                ),
                ("county", common.county.CountyField(of="report__region")),
                (
                    "assignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="report_entries",
                        to="tasks.assignment",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("not_started", "未开展"), ("in_progress", "推进中"), ("finished", "已完成")],
                        default="in_progress",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("percent", models.PositiveSmallIntegerField(default=0, verbose_name="进度")),
                ("text", models.TextField(blank=True, verbose_name="进展情况")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="审核意见")),
                (
                    "edited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("edited_at", models.DateTimeField(null=True, verbose_name="最近保存")),
                (
                    "written",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="report_entry",
                        to="tasks.progressentry",
                        verbose_name="台账记录",
                    ),
                ),
            ],
            options={
                "verbose_name": "月报任务进展",
                "verbose_name_plural": "月报任务进展",
                "ordering": ["assignment__task__position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "assignment"), name="one_report_entry_per_assignment"),
                    models.CheckConstraint(
                        condition=models.Q(("percent__lte", 100)), name="reported_percent_is_at_most_100"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="figures", to="tasks.progressreport"
                    ),
                ),
                ("county", common.county.CountyField(of="report__region")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("key", models.CharField(max_length=60, verbose_name="代码")),
                ("label", models.CharField(max_length=120, verbose_name="项目")),
                ("computed", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="系统数")),
                ("stated", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="填报数")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="更改理由")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="审核意见")),
            ],
            options={
                "verbose_name": "月报数字",
                "verbose_name_plural": "月报数字",
                "ordering": ["position", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("report", "key"), name="one_figure_of_a_key_per_report")
                ],
            },
        ),
    ]
