import common.encryption
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import units.models.directory
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("units", "0001_initial"),
        ("units", "0002_rules"),
        ("units", "0003_mine_tables"),
        ("units", "0004_service_users"),
        ("units", "0005_encrypted_fields"),
        ("units", "0006_second_factor"),
    ]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=12,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{6}(\\d{3}){0,2}$", "区划代码应为6、9或12位数字。"
                            )
                        ],
                        verbose_name="区划代码",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                ("short_name", models.CharField(blank=True, max_length=20, verbose_name="简称")),
            ],
            options={
                "verbose_name": "行政区划",
                "verbose_name_plural": "行政区划",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="UnitTag",
            fields=[
                ("code", models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name="代码")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
            ],
            options={
                "verbose_name": "单位标记",
                "verbose_name_plural": "单位标记",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("government", "党委政府"),
                            ("department", "部门"),
                            ("township", "乡镇（街道）"),
                            ("committee", "议事协调机构"),
                            ("enterprise", "企业"),
                            ("mine", "矿山"),
                            ("other", "其他"),
                        ],
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="全称")),
                ("short_name", models.CharField(blank=True, max_length=40, verbose_name="简称")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="units",
                        to="units.region",
                        verbose_name="所在区划",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="units.unit",
                        verbose_name="上级单位",
                    ),
                ),
                (
                    "credit_code",
                    models.CharField(
                        blank=True,
                        error_messages={"unique": "已有单位使用这个统一社会信用代码，请核对是否重复登记。"},
                        max_length=18,
                        null=True,
                        unique=True,
                        validators=[units.models.directory.check_credit_code],
                        verbose_name="统一社会信用代码",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="在用")),
                ("path", models.CharField(db_index=True, default="", editable=False, max_length=200)),
                ("sort_key", models.CharField(db_index=True, default="", editable=False, max_length=200)),
                ("initials", models.CharField(db_index=True, default="", editable=False, max_length=140)),
                (
                    "tags",
                    models.ManyToManyField(blank=True, related_name="units", to="units.unittag", verbose_name="标记"),
                ),
            ],
            options={
                "verbose_name": "单位",
                "verbose_name_plural": "单位",
                "ordering": ["sort_key", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "name"),
                        name="unit_name_once_in_a_region",
                        violation_error_message="本区划内已有同名单位，请核对是否重复登记。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("pk")), _negated=True), name="unit_is_not_its_own_parent"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unit_groups",
                        to="units.region",
                        verbose_name="区划",
                    ),
                ),
                ("kinds", models.JSONField(blank=True, default=list, verbose_name="单位类别")),
                ("tags", models.ManyToManyField(blank=True, to="units.unittag", verbose_name="须有的标记")),
                (
                    "extra_members",
                    models.ManyToManyField(blank=True, related_name="groups", to="units.unit", verbose_name="另加单位"),
                ),
            ],
            options={
                "verbose_name": "单位组",
                "verbose_name_plural": "单位组",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("region", "name"),
                        name="group_name_once_in_a_region",
                        violation_error_message="本区划内已有同名单位组，请换一个名称。",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "region",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="units.region",
                        verbose_name="区划",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="别名")),
                ("key", models.CharField(editable=False, max_length=100)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="units.unitgroup",
                        verbose_name="单位组",
                    ),
                ),
                ("learned", models.BooleanField(default=False, verbose_name="导入时记住的")),
            ],
            options={
                "verbose_name": "单位别名",
                "verbose_name_plural": "单位别名",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("region", "key"), name="alias_once_in_a_region"),
                    models.CheckConstraint(
                        condition=models.Q(("unit__isnull", True), ("group__isnull", True), _connector="XOR"),
                        name="alias_of_a_unit_or_of_a_group",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "这个登录名已有人使用，请换一个。"},
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9._-]{3,40}$", "登录名用3至40个小写字母、数字、点、横线或下划线。"
                            )
                        ],
                        verbose_name="登录名",
                    ),
                ),
                ("name", models.CharField(max_length=40, verbose_name="姓名")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("bureau_admin", "局管理员"),
                            ("bureau_staff", "局工作人员"),
                            ("inspector", "执法检查人员"),
                            ("leader", "领导"),
                            ("auditor", "审计员"),
                            ("liaison", "单位联络员"),
                            ("mine_clerk", "矿山填报员"),
                            ("mine_head", "矿长"),
                        ],
                        default="liaison",
                        max_length=16,
                        verbose_name="角色",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="units.unit",
                        verbose_name="单位",
                    ),
                ),
                ("duty", models.CharField(blank=True, max_length=40, verbose_name="职务")),
                (
                    "phone",
                    common.encryption.EncryptedTextField(
                        blank=True,
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[\\d+ -]{5,20}$", "请填写电话号码，只用数字和横线。"
                            )
                        ],
                        verbose_name="手机",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="邮箱")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("is_demo", models.BooleanField(default=False, editable=False)),
                ("is_service", models.BooleanField(default=False, editable=False, verbose_name="接口账号")),
                ("must_change_password", models.BooleanField(default=True, verbose_name="下次登录须改密码")),
                (
                    "password_changed_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="密码修改时间"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="建立时间"),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "账号",
                "verbose_name_plural": "账号",
                "ordering": ["username"],
            },
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_passwords",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "用过的密码",
                "verbose_name_plural": "用过的密码",
                "ordering": ["-set_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Activation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="activation",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="生成时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="生成人",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="有效期至")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
            ],
            options={
                "verbose_name": "激活码",
                "verbose_name_plural": "激活码",
            },
        ),
        migrations.CreateModel(
            name="AccountSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="open_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("session_key", models.CharField(editable=False, max_length=40, unique=True)),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="登录时间")),
                ("seen_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="最近操作")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="网络地址")),
                ("agent", models.CharField(blank=True, max_length=200, verbose_name="浏览器")),
            ],
            options={
                "verbose_name": "登录会话",
                "verbose_name_plural": "登录会话",
                "ordering": ["-seen_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DirectoryImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="公开编号"),
                ),
                (
                    "noun",
                    models.CharField(
                        choices=[("units", "单位"), ("accounts", "账号"), ("mines", "矿山档案")],
                        max_length=10,
                        verbose_name="内容",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("checked", "待确认"), ("confirmed", "已导入"), ("dropped", "已放弃")],
                        default="checked",
                        max_length=10,
                        verbose_name="状态",
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
                ("counts", models.JSONField(default=dict, verbose_name="结果")),
                ("batch", models.UUIDField(editable=False, null=True, verbose_name="批次")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="导入时间")),
            ],
            options={
                "verbose_name": "目录导入",
                "verbose_name_plural": "目录导入",
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="RuleSetting",
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
                ("key", models.CharField(max_length=40, verbose_name="规则")),
                ("value", models.PositiveIntegerField(verbose_name="数值")),
                ("source", models.CharField(max_length=200, verbose_name="依据")),
            ],
            options={
                "verbose_name": "规则",
                "verbose_name_plural": "规则",
                "constraints": [models.UniqueConstraint(fields=("region", "key"), name="own_value_once_in_a_region")],
            },
        ),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_factor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("secret", common.encryption.EncryptedTextField(editable=False, max_length=64, verbose_name="密钥")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="启用时间")),
                ("last_step", models.BigIntegerField(default=0, editable=False)),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="连续输错次数")),
                ("blocked_until", models.DateTimeField(blank=True, null=True, verbose_name="暂停至")),
            ],
            options={
                "verbose_name": "两步验证",
                "verbose_name_plural": "两步验证",
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_codes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
                ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="使用时间")),
            ],
            options={
                "verbose_name": "备用码",
                "verbose_name_plural": "备用码",
            },
        ),
    ]
