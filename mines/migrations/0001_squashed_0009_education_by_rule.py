import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("mines", "0001_initial"),
        ("mines", "0002_file"),
        ("mines", "0003_suspensions"),
        ("mines", "0004_key_posts"),
        ("mines", "0005_order_of_key_posts"),
        ("mines", "0006_posts_leaders_accidents"),
        ("mines", "0007_contractors_causes_closures_credit"),
        ("mines", "0008_namesakes"),
        ("mines", "0009_education_by_rule"),
    ]

    initial = True

    dependencies = [
        ("units", "0001_squashed_0006_second_factor"),
        ("units", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mine",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mine",
                        serialize=False,
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "mine_type",
                    models.CharField(
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
                ("mineral", models.CharField(blank=True, max_length=40, verbose_name="矿种")),
                (
                    "capacity",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=9,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="生产能力（万吨/年）",
                    ),
                ),
                ("mining_method", models.CharField(blank=True, max_length=100, verbose_name="开采方式")),
                (
                    "gas_grade",
                    models.CharField(
                        blank=True,
                        choices=[("low", "低瓦斯"), ("high", "高瓦斯"), ("outburst", "煤与瓦斯突出")],
                        max_length=10,
                        verbose_name="瓦斯等级",
                    ),
                ),
                (
                    "water_grade",
                    models.CharField(
                        blank=True,
                        choices=[("simple", "简单"), ("medium", "中等"), ("complex", "复杂"), ("extreme", "极复杂")],
                        max_length=10,
                        verbose_name="水文地质类型",
                    ),
                ),
                (
                    "self_ignition",
                    models.CharField(
                        blank=True,
                        choices=[("easy", "容易自燃"), ("prone", "自燃"), ("hard", "不易自燃")],
                        max_length=10,
                        verbose_name="煤层自燃倾向",
                    ),
                ),
                (
                    "rock_burst",
                    models.CharField(
                        blank=True,
                        choices=[("none", "无冲击地压"), ("weak", "弱冲击"), ("strong", "强冲击")],
                        max_length=10,
                        verbose_name="冲击地压",
                    ),
                ),
                (
                    "pond_grade",
                    models.CharField(
                        blank=True,
                        choices=[("1", "一等库"), ("2", "二等库"), ("3", "三等库"), ("4", "四等库"), ("5", "五等库")],
                        max_length=2,
                        verbose_name="尾矿库等别",
                    ),
                ),
                (
                    "supervising_unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supervised_mines",
                        to="units.unit",
                        verbose_name="日常监管主体",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(73),
                            django.core.validators.MaxValueValidator(136),
                        ],
                        verbose_name="经度",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(3),
                            django.core.validators.MaxValueValidator(54),
                        ],
                        verbose_name="纬度",
                    ),
                ),
                ("duty_phone", models.CharField(blank=True, max_length=40, verbose_name="值班电话")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("producing", "正常生产"),
                            ("building", "建设"),
                            ("suspended", "停产停建"),
                            ("closing", "关闭（闭库）中"),
                            ("closed", "已关闭"),
                        ],
                        default="producing",
                        max_length=10,
                        verbose_name="生产状态",
                    ),
                ),
                (
                    "former_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("producing", "正常生产"),
                            ("building", "建设"),
                            ("suspended", "停产停建"),
                            ("closing", "关闭（闭库）中"),
                            ("closed", "已关闭"),
                        ],
                        max_length=10,
                        verbose_name="停产前状态",
                    ),
                ),
                ("state_since", models.DateField(blank=True, null=True, verbose_name="状态起始日期")),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("none", "未达标")],
                        max_length=4,
                        verbose_name="标准化等级",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="更新时间")),
            ],
            options={
                "verbose_name": "矿山",
                "verbose_name_plural": "矿山",
                "indexes": [
                    models.Index(fields=["state"], name="mines_mine_state_67712e_idx"),
                    models.Index(fields=["mine_type"], name="mines_mine_mine_ty_402166_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(("latitude__isnull", False), ("longitude__isnull", False)),
                            _connector="OR",
                        ),
                        name="mine_has_both_coordinates",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductionSpan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spans",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("producing", "正常生产"),
                            ("building", "建设"),
                            ("suspended", "停产停建"),
                            ("closing", "关闭（闭库）中"),
                            ("closed", "已关闭"),
                        ],
                        max_length=10,
                        verbose_name="生产状态",
                    ),
                ),
                ("since", models.DateField(verbose_name="起始日期")),
                ("paper", models.CharField(blank=True, max_length=150, verbose_name="依据文书")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "生产状态",
                "verbose_name_plural": "生产状态",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="FileProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                ("changes", models.JSONField(verbose_name="拟改内容")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待核定"), ("accepted", "已采纳"), ("declined", "未采纳")],
                        default="waiting",
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
                        verbose_name="提出人",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="提出时间")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核定人",
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True, verbose_name="核定时间")),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="核定意见")),
            ],
            options={
                "verbose_name": "档案修改申请",
                "verbose_name_plural": "档案修改申请",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="FileConfirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmations",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                ("month", models.DateField(verbose_name="月份")),
                ("due_on", models.DateField(verbose_name="应确认日期")),
                ("confirmed_on", models.DateField(blank=True, null=True, verbose_name="确认日期")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
            ],
            options={
                "verbose_name": "档案月度确认",
                "verbose_name_plural": "档案月度确认",
                "ordering": ["-month"],
                "indexes": [models.Index(fields=["confirmed_on", "due_on"], name="mines_filec_confirm_31d437_idx")],
                "constraints": [models.UniqueConstraint(fields=("mine", "month"), name="file_confirmed_once_a_month")],
            },
        ),
        migrations.CreateModel(
            name="GradeRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "grade",
                    models.CharField(
                        choices=[("1", "一级"), ("2", "二级"), ("3", "三级"), ("none", "未达标")],
                        max_length=4,
                        verbose_name="等级",
                    ),
                ),
                ("since", models.DateField(verbose_name="评定日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                ("body", models.CharField(blank=True, max_length=100, verbose_name="评定单位")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="评定或降级说明")),
            ],
            options={
                "verbose_name": "标准化等级",
                "verbose_name_plural": "标准化等级",
                "ordering": ["-since", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Licence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mining", "采矿许可证"),
                            ("safety", "安全生产许可证"),
                            ("business", "营业执照"),
                            ("explosives", "爆破作业单位许可证"),
                            ("head", "矿长安全资格证"),
                            ("other", "其他证照"),
                        ],
                        max_length=12,
                        verbose_name="证照",
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="证号")),
                ("issuer", models.CharField(blank=True, max_length=100, verbose_name="发证机关")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="发证日期")),
                (
                    "expires_on",
                    models.DateField(blank=True, help_text="长期有效的不填。", null=True, verbose_name="有效期至"),
                ),
                ("renew_by", models.DateField(editable=False, null=True, verbose_name="应申请延期日期")),
                ("is_current", models.BooleanField(default=True, editable=False, verbose_name="现行")),
            ],
            options={
                "verbose_name": "证照",
                "verbose_name_plural": "证照",
                "ordering": ["-is_current", "kind", "-pk"],
                "indexes": [models.Index(fields=["is_current", "expires_on"], name="mines_licen_is_curr_9957fb_idx")],
            },
        ),
        migrations.CreateModel(
            name="Accident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("happened_on", models.DateField(verbose_name="发生日期")),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="地点")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("roof", "顶板（冒顶片帮）"),
                            ("gas", "瓦斯（中毒窒息）"),
                            ("machine", "机电"),
                            ("transport", "运输（车辆伤害）"),
                            ("blast", "放炮（爆破）"),
                            ("water", "水害（透水）"),
                            ("fire", "火灾"),
                            ("fall", "坠落（坠罐跑车）"),
                            ("slope", "边坡（坍塌）"),
                            ("pond", "尾矿库溃坝泄漏"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="事故类别",
                    ),
                ),
                ("deaths", models.PositiveSmallIntegerField(default=0, verbose_name="死亡人数")),
                ("injured", models.PositiveSmallIntegerField(default=0, verbose_name="重伤人数")),
                (
                    "loss",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="直接经济损失（万元）",
                    ),
                ),
                ("words", models.CharField(max_length=500, verbose_name="简要经过和原因")),
                ("case_closed_on", models.DateField(blank=True, null=True, verbose_name="结案（批复）日期")),
                ("follow_up_by", models.DateField(editable=False, null=True, verbose_name="应评估日期")),
                ("followed_up_on", models.DateField(blank=True, null=True, verbose_name="评估日期")),
                (
                    "follow_up_words",
                    models.CharField(blank=True, max_length=500, verbose_name="整改和防范措施落实情况"),
                ),
            ],
            options={
                "verbose_name": "事故",
                "verbose_name_plural": "事故",
                "ordering": ["-happened_on", "-pk"],
                "indexes": [
                    models.Index(fields=["happened_on"], name="mines_accid_happene_930c90_idx"),
                    models.Index(fields=["followed_up_on", "follow_up_by"], name="mines_accid_followe_05af95_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthlyOutput",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("month", models.DateField(help_text="填这个月的任何一天。", verbose_name="月份")),
                (
                    "tonnes",
                    models.DecimalField(
                        decimal_places=3,
                        help_text="停产的填0。",
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="产量（万吨）",
                    ),
                ),
            ],
            options={
                "verbose_name": "月产量",
                "verbose_name_plural": "月产量",
                "ordering": ["-month", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mine", "month"),
                        name="one_output_a_month",
                        violation_error_message="这个月的产量已经登记，请点开那一行修改。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RegionTarget",
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
                ("year", models.PositiveSmallIntegerField(verbose_name="年份")),
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("death_rate", "煤矿百万吨死亡率（上限）"),
                            ("deaths", "死亡人数（上限）"),
                            ("phase_out", "淘汰退出矿山（座）"),
                            ("pond_closure", "尾矿库闭库（座）"),
                        ],
                        max_length=12,
                        verbose_name="指标",
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=3,
                        max_digits=10,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="目标值",
                    ),
                ),
                ("source", models.CharField(max_length=150, verbose_name="依据文件")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="设置人",
                    ),
                ),
                ("set_at", models.DateTimeField(auto_now=True, verbose_name="设置时间")),
            ],
            options={
                "verbose_name": "年度指标",
                "verbose_name_plural": "年度指标",
                "ordering": ["-year", "subject"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "year", "subject"), name="one_target_a_year")
                ],
            },
        ),
        migrations.CreateModel(
            name="Contractor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[("contract", "承包施工"), ("dispatch", "劳务派遣")], max_length=10, verbose_name="类别"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="单位名称")),
                ("licence_number", models.CharField(max_length=60, verbose_name="资质或许可证号")),
                (
                    "licence_until",
                    models.DateField(
                        blank=True, help_text="长期有效的不填。", null=True, verbose_name="资质或许可有效期至"
                    ),
                ),
                ("work", models.CharField(max_length=300, verbose_name="承包（作业）内容和地点")),
                ("person", models.CharField(blank=True, max_length=40, verbose_name="项目负责人")),
                ("people", models.PositiveSmallIntegerField(verbose_name="人数")),
                ("underground", models.PositiveSmallIntegerField(default=0, verbose_name="其中下井人数")),
                ("since", models.DateField(verbose_name="进场日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="退场日期")),
                ("check_months", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("check_by", models.DateField(editable=False, null=True, verbose_name="应检查考核")),
            ],
            options={
                "verbose_name": "外包和劳务派遣",
                "verbose_name_plural": "外包和劳务派遣",
                "ordering": [models.OrderBy(models.F("until"), descending=True, nulls_first=True), "-since", "-pk"],
                "indexes": [models.Index(fields=["until", "check_by"], name="mines_contr_until_03fa04_idx")],
            },
        ),
        migrations.CreateModel(
            name="ContractorCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "contractor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="mines.contractor",
                        verbose_name="外包单位",
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=100, verbose_name="单位名称")),
                ("checked_on", models.DateField(verbose_name="检查日期")),
                ("checker", models.CharField(max_length=80, verbose_name="检查人")),
                (
                    "result",
                    models.CharField(
                        choices=[("good", "合格"), ("faults", "存在问题，限期整改"), ("stopped", "停工整顿")],
                        max_length=10,
                        verbose_name="结果",
                    ),
                ),
                ("words", models.CharField(max_length=500, verbose_name="检查情况和问题")),
            ],
            options={
                "verbose_name": "外包单位检查",
                "verbose_name_plural": "外包单位检查",
                "ordering": ["-checked_on", "-pk"],
                "indexes": [models.Index(fields=["contractor", "checked_on"], name="mines_contr_contrac_84dc8d_idx")],
            },
        ),
        migrations.CreateModel(
            name="CreditMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("blacklist", "安全生产严重失信（黑名单）"),
                            ("breach", "失信行为记录"),
                            ("joint", "联合惩戒"),
                            ("good", "守信激励"),
                        ],
                        max_length=10,
                        verbose_name="类别",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="事由")),
                ("body", models.CharField(max_length=100, verbose_name="认定单位")),
                ("paper", models.CharField(blank=True, max_length=150, verbose_name="认定文书")),
                ("since", models.DateField(verbose_name="起始日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="期满或移出日期")),
                (
                    "is_public",
                    models.BooleanField(
                        default=False, help_text="勾选后，在公众页面公布到期满为止。", verbose_name="向社会公开"
                    ),
                ),
            ],
            options={
                "verbose_name": "信用记录",
                "verbose_name_plural": "信用记录",
                "ordering": [models.OrderBy(models.F("until"), descending=True, nulls_first=True), "-since", "-pk"],
                "indexes": [models.Index(fields=["kind", "until"], name="mines_credi_kind_232732_idx")],
            },
        ),
        migrations.CreateModel(
            name="HiddenCause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("area", models.CharField(max_length=100, verbose_name="区域（采区、工作面、坝段）")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("goaf", "采空区、废弃老窑"),
                            ("water", "老空水、含水层、地表水体"),
                            ("fault", "断层、裂隙、褶曲"),
                            ("column", "陷落柱"),
                            ("gas", "瓦斯富集区"),
                            ("fire", "火区、自燃"),
                            ("burst", "导水裂隙带、冲击地压"),
                            ("slope", "边坡、滑坡体"),
                            ("borehole", "封闭不良钻孔"),
                            ("other", "其他"),
                            ("none", "未发现"),
                        ],
                        max_length=10,
                        verbose_name="致灾因素",
                    ),
                ),
                ("surveyed_on", models.DateField(verbose_name="普查日期")),
                ("surveyor", models.CharField(blank=True, max_length=100, verbose_name="普查单位")),
                ("found", models.CharField(max_length=500, verbose_name="普查结果")),
                ("treatment", models.CharField(blank=True, max_length=500, verbose_name="治理措施")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="治理期限")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="治理完成日期")),
                ("result", models.CharField(blank=True, max_length=300, verbose_name="治理效果")),
            ],
            options={
                "verbose_name": "隐蔽致灾因素",
                "verbose_name_plural": "隐蔽致灾因素",
                "ordering": [
                    models.OrderBy(models.F("done_on"), descending=True, nulls_first=True),
                    "due_on",
                    "-surveyed_on",
                    "-pk",
                ],
                "indexes": [models.Index(fields=["done_on", "due_on"], name="mines_hidde_done_on_2f7b54_idx")],
            },
        ),
        migrations.CreateModel(
            name="PhaseOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[("phase_out", "淘汰退出（关闭）"), ("pond_closure", "尾矿库闭库")],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(2015),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="计划年份",
                    ),
                ),
                ("plan", models.CharField(max_length=150, verbose_name="列入计划的文件")),
                ("measures", models.CharField(blank=True, max_length=500, verbose_name="工程和安全措施")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="完成（验收）日期")),
                ("acceptance", models.CharField(blank=True, max_length=150, verbose_name="验收或公告文件")),
                ("due_on", models.DateField(editable=False, verbose_name="应完成日期")),
            ],
            options={
                "verbose_name": "退出和闭库",
                "verbose_name_plural": "退出和闭库",
                "ordering": ["-year", "-pk"],
                "indexes": [
                    models.Index(fields=["kind", "year"], name="mines_phase_kind_77d935_idx"),
                    models.Index(fields=["done_on", "due_on"], name="mines_phase_done_on_f5f7a5_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ResponsibleLeader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "rank",
                    models.CharField(
                        choices=[
                            ("county", "县级领导"),
                            ("department", "部门负责人"),
                            ("township", "乡镇负责人"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="层级",
                    ),
                ),
                ("position", models.CharField(max_length=80, verbose_name="职务")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="联系电话")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="所在单位",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="有账号的，提醒发给本人，本人也可以登记履职。",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="本系统账号",
                    ),
                ),
                ("since", models.DateField(verbose_name="包保起始日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="包保结束日期")),
                ("prompt_months", models.PositiveSmallIntegerField(default=1, editable=False)),
                ("visit_months", models.PositiveSmallIntegerField(default=3, editable=False)),
                ("prompt_due", models.DateField(editable=False, null=True, verbose_name="应提示提醒")),
                ("visit_due", models.DateField(editable=False, null=True, verbose_name="应现场督导")),
            ],
            options={
                "verbose_name": "包保领导",
                "verbose_name_plural": "包保领导",
                "ordering": [
                    models.OrderBy(models.F("until"), descending=True, nulls_first=True),
                    "rank",
                    "-since",
                    "-pk",
                ],
                "indexes": [
                    models.Index(fields=["until", "prompt_due"], name="mines_respo_until_b9c63a_idx"),
                    models.Index(fields=["until", "visit_due"], name="mines_respo_until_76a8c2_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeaderAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acts",
                        to="mines.responsibleleader",
                        verbose_name="包保领导",
                    ),
                ),
                ("name", models.CharField(editable=False, max_length=40, verbose_name="姓名")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("prompt", "提示提醒"),
                            ("visit", "现场督导"),
                            ("meeting", "专题研究"),
                            ("other", "其他"),
                        ],
                        max_length=8,
                        verbose_name="履职方式",
                    ),
                ),
                ("done_on", models.DateField(verbose_name="日期")),
                ("words", models.CharField(max_length=500, verbose_name="做了什么、提出什么要求")),
            ],
            options={
                "verbose_name": "包保履职",
                "verbose_name_plural": "包保履职",
                "ordering": ["-done_on", "-pk"],
                "indexes": [models.Index(fields=["leader", "kind", "done_on"], name="mines_leade_leader__71d2cc_idx")],
            },
        ),
        migrations.CreateModel(
            name="KeyPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="%(class)ss",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
                (
                    "post",
                    models.CharField(
                        choices=[
                            ("manager", "矿长"),
                            ("chief", "总工程师（技术负责人）"),
                            ("safety", "安全副矿长"),
                            ("production", "生产副矿长"),
                            ("electric", "机电副矿长"),
                            ("mining", "采矿技术员"),
                            ("geology", "地质技术员"),
                            ("survey", "测量技术员"),
                            ("ventilation", "通风技术员"),
                            ("machines", "机电技术员"),
                        ],
                        max_length=12,
                        verbose_name="岗位",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "education",
                    models.CharField(
                        choices=[("1", "高中及以下"), ("2", "中专"), ("3", "大专"), ("4", "本科"), ("5", "研究生")],
                        max_length=1,
                        verbose_name="学历",
                    ),
                ),
                ("major", models.CharField(blank=True, max_length=60, verbose_name="所学专业")),
                ("years", models.PositiveSmallIntegerField(verbose_name="矿山一线从业年限")),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="安全资格证号")),
                ("since", models.DateField(verbose_name="任职日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="离任日期")),
                ("years_needed", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("education_needed", models.CharField(default="", editable=False, max_length=1)),
                ("changes_flagged", models.PositiveSmallIntegerField(default=2, editable=False)),
                ("fill_by", models.DateField(editable=False, null=True, verbose_name="应补齐日期")),
            ],
            options={
                "verbose_name": "关键岗位",
                "verbose_name_plural": "关键岗位",
                "ordering": [
                    models.OrderBy(models.F("until"), descending=True, nulls_first=True),
                    "post",
                    "-since",
                    "-pk",
                ],
                "indexes": [
                    models.Index(fields=["certificate"], name="mines_keypo_certifi_2f83d1_idx"),
                    models.Index(fields=["name", "until"], name="mines_keypo_name_0fc2a4_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("post__in", ("manager", "chief", "safety", "production", "electric")),
                            ("until__isnull", True),
                        ),
                        fields=("mine", "post"),
                        name="one_head_in_a_post",
                        violation_error_message="这个岗位现在有人，请先在他的一行填写离任日期。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspensionList",
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
                ("number", models.CharField(max_length=60, verbose_name="编号")),
                ("made_on", models.DateField(verbose_name="生成日期")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="生成人",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="上报日期")),
                ("sent_to", models.CharField(blank=True, max_length=100, verbose_name="上报单位")),
                ("receipt", models.CharField(blank=True, max_length=120, verbose_name="签收或回执")),
            ],
            options={
                "verbose_name": "停产停建矿山名单",
                "verbose_name_plural": "停产停建矿山名单",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mine",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="mines.mine",
                        verbose_name="矿山",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="办理部门",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("planned", "计划停产停建"), ("ordered", "责令停产停建"), ("long", "长期停产停建")],
                        max_length=8,
                        verbose_name="类别",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="原因")),
                ("since", models.DateField(verbose_name="停产停建日期")),
                ("until", models.DateField(blank=True, null=True, verbose_name="预计复产日期")),
                (
                    "measures",
                    models.TextField(
                        help_text="工程技术和安全管理措施、值守巡查、应急处置、限电和火工品管控。",
                        verbose_name="停产期间的看守措施",
                    ),
                ),
                ("paper", models.CharField(blank=True, max_length=150, verbose_name="书面报告或决定书")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "停产停建中"),
                            ("requested", "已申请复产复工"),
                            ("accepted", "验收合格待签字"),
                            ("signed", "已签字"),
                            ("resumed", "已复产复工"),
                            ("void", "登记有误"),
                        ],
                        default="running",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("list_by", models.DateField(verbose_name="名单应上报日期")),
                (
                    "listed_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="mines.suspensionlist",
                        verbose_name="所在名单",
                    ),
                ),
                ("announce_by", models.DateField(verbose_name="停产应公告日期")),
                ("announced_on", models.DateField(blank=True, null=True, verbose_name="停产公告日期")),
                ("requested_on", models.DateField(blank=True, null=True, verbose_name="申请复产日期")),
                ("request_words", models.TextField(blank=True, verbose_name="复产申请")),
                ("by_department", models.BooleanField(blank=True, null=True, verbose_name="由部门验收")),
                ("accept_by", models.DateField(blank=True, null=True, verbose_name="应完成验收日期")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="验收日期")),
                ("acceptors", models.CharField(blank=True, max_length=200, verbose_name="验收人员")),
                ("resumed_on", models.DateField(blank=True, null=True, verbose_name="复产复工日期")),
                ("resumption_announce_by", models.DateField(blank=True, null=True, verbose_name="复产应公告日期")),
                ("resumption_announced_on", models.DateField(blank=True, null=True, verbose_name="复产公告日期")),
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
                "verbose_name": "停产停建",
                "verbose_name_plural": "停产停建",
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["state", "since"], name="mines_suspe_state_c49c15_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("running", "requested", "accepted", "signed"))),
                        fields=("mine",),
                        name="one_open_suspension_of_a_mine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resumed_on__isnull", True), ("resumed_on__gte", models.F("since")), _connector="OR"
                        ),
                        name="mine_resumes_after_its_stop",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcceptanceItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "suspension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="mines.suspension"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("text", models.CharField(max_length=200, verbose_name="验收内容")),
                ("passed", models.BooleanField(blank=True, null=True, verbose_name="合格")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
            ],
            options={
                "verbose_name": "验收内容",
                "verbose_name_plural": "验收内容",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("suspension", "position"), name="acceptance_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ResumptionSignature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "suspension",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="signatures", to="mines.suspension"
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("head", "矿山主要负责人"),
                            ("department", "监管部门主要负责人"),
                            ("government", "政府主要负责人"),
                        ],
                        max_length=12,
                        verbose_name="签字人身份",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="签字人")),
                ("signed_on", models.DateField(verbose_name="签字日期")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登记时间")),
            ],
            options={
                "verbose_name": "复产签字",
                "verbose_name_plural": "复产签字",
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("suspension", "office"), name="an_office_signs_once")],
            },
        ),
    ]
