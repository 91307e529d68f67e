from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "行动与任务"

    def ready(self) -> None:
        from common.due import register_due_source
        from common.evidence import register_evidence_access
        from common.indicators import register_indicators
        from common.navigation import NavigationEntry, register_navigation
        from common.search import register_search
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from tasks.access import may_see_import, may_see_progress, may_see_progress_import
        from tasks.due import DUE_ITEMS
        from tasks.home import landing_for
        from tasks.indicators import ASSIGNMENTS, INDICATORS, RETURNED
        from tasks.indicators import DUE_ITEMS as COUNTED_ITEMS
        from tasks.models import PlanImport, ProgressEntry, ProgressImport
        from tasks.search import find_campaigns, find_tasks
        from tasks.verbs import VERBS

        register_verbs(VERBS)
        register_indicators(COUNTED_ITEMS, *INDICATORS)
        register_indicators(ASSIGNMENTS, RETURNED)
        register_due_source(DUE_ITEMS)
        register_search("专项行动", find_campaigns)
        register_search("任务", find_tasks)
        register_evidence_access(ProgressEntry, may_see_progress)
        register_evidence_access(PlanImport, may_see_import)
        register_evidence_access(ProgressImport, may_see_progress_import)
        register_navigation(
            NavigationEntry(
                "我的工作",
                "tasks:home",
                "work",
                order=10,
                also=("/overview/",),
                visible=lambda user: not landing_for(user),
            ),
            NavigationEntry(
                "专项行动",
                "tasks:campaigns",
                "campaign",
                order=20,
                also=(
                    "/assignments/",
                    "/due-items/",
                    "/extensions/",
                    "/imports/",
                    "/tasks/",
                    "/targets/",
                    "/progress-imports/",
                ),
            ),
            # Who reads the whole region finds it beside the campaigns; for a unit it is the daily page.
            NavigationEntry(
                "责任事项",
                "tasks:assignments",
                "task",
                order=30,
                also=("/due-items/", "/extensions/"),
                visible=lambda user: not user.reads_region,
            ),
        )
        register_statuses(
            {
                "in_progress": Status("推进中", "blue", "half"),
                "open": Status("待完成", "grey", "circle"),
                "reported": Status("待审核", "blue", "clock"),
                "accepted": Status("已完成", "green", "check"),
                "requested": Status("待审批", "blue", "clock"),
                "approved": Status("已同意", "green", "check"),
                "refused": Status("未同意", "red", "close"),
                "withdrawn": Status("已撤回", "grey", "returned"),
                "campaign.active": Status("实施中", "blue", "half"),
                "campaign.closed": Status("已结束", "grey", "check"),
            }
        )
