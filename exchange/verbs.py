"""What can happen to service accounts, in the words of the history page."""

VERBS = {
    "serviceaccount.opened": "开通接口账号",
    "serviceaccount.changed": "修改接口账号",
    "serviceaccount.closed": "停用接口账号",
    "serviceaccount.reopened": "启用接口账号",
    "serviceaccount.token_issued": "发放接口令牌",
    "serviceaccount.token_revoked": "吊销接口令牌",
    "subscription.opened": "登记变更推送",
    "subscription.changed": "修改变更推送",
    "subscription.closed": "停用变更推送",
    "subscription.reopened": "启用变更推送",
    "subscription.secret_renewed": "更换签名密钥",
    "subscription.sent_again": "重发未送达的推送",
    "reconciliation.made": "对账",
    "serviceaccount.mapped": "修改字段对照",
    "serviceaccount.packed": "导出数据包",
    "evidence.downloaded": "经接口下载印证资料",
}
DETAILS: dict[str, tuple[str, dict[object, str]]] = {
    "token": ("令牌（开头几位）", {}),
    "expires_at": ("有效期至", {}),
    "is_active": ("在用", {}),
    "account": ("接口账号", {}),
    "count": ("条数", {}),
    "agrees": ("一致", {}),
    "mapping": ("字段对照", {}),
    "sha256": ("SHA-256", {}),
}
