"""What can happen to units and accounts, in the words of the history page."""

from typing import Any

VERBS = {
    "region.created": "新增区划",
    "region.changed": "修改区划",
    "unit.created": "新建单位",
    "unit.changed": "修改单位",
    "unit.deactivated": "停用单位",
    "unit.reactivated": "启用单位",
    "unit.merged": "合并重复单位",
    "unit.merged_away": "并入另一个单位",
    "unit.alias_added": "添加别名",
    "unit.alias_removed": "删除别名",
    "unitalias.learned": "记住别名",
    "unitalias.changed": "更改别名",
    "unittag.created": "新增标记",
    "unitgroup.created": "新建单位组",
    "unitgroup.changed": "修改单位组",
    "unitgroup.alias_added": "添加别名",
    "unitgroup.alias_removed": "删除别名",
    "user.created": "开通账号",
    "user.changed": "修改账号",
    "user.disabled": "停用账号",
    "user.enabled": "启用账号",
    "user.code_issued": "生成激活码",
    "user.password_reset": "重置密码",
    "user.activated": "激活账号",
    "user.password_changed": "修改密码",
    "user.refused": "操作被拒绝",
    "user.downloaded": "导出或下载",
    "user.history_checked": "核对历史记录",
    "user.logged_in": "登录",
    "user.logged_out": "退出登录",
    "user.login_failed": "登录失败",
    "user.locked_out": "登录被暂停",
    "user.unlocked": "解除登录暂停",
    "user.second_factor_set": "启用两步验证",
    "user.second_factor_failed": "两步验证失败",
    "user.second_factor_blocked": "两步验证被暂停",
    "user.second_factor_removed": "停用两步验证",
    "user.second_factor_reset": "重置两步验证",
    "user.recovery_codes_made": "更换备用码",
    "user.recovery_code_used": "使用备用码",
    "user.sessions_ended": "结束登录",
    "rulesetting.set": "设置本地区的规则",
    "rulesetting.cleared": "恢复通行的规则",
    "directoryimport.confirmed": "批量导入",
}


def details() -> dict[str, tuple[str, dict[Any, str]]]:
    """What events tell beyond the fields of their record."""
    from units.models import Role

    return {
        "alias": ("别名", {}),
        "means": ("对应单位", {}),
        "unit": ("单位", {}),
        "units": ("单位", {}),
        "role": ("角色", {value: str(label) for value, label in Role.choices}),
        "username": ("登录名", {}),
    }
