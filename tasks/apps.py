from django.apps import AppConfig


class TasksConfig(AppConfig):
    name = "tasks"
    verbose_name = "行动与任务"

    def ready(self) -> None:
        from common.due import register_due_source
        from common.evidence import register_evidence_access
        from common.history import register_details
        from common.indicators import register_indicators
        from common.lists.heaps import register_heaps
        from common.navigation import NavigationEntry, register_navigation
        from common.search import register_search
        from common.statuses import Status, register_statuses
        from common.verbs import register_verbs
        from tasks.access import (
            may_see_import,
            may_see_progress,
            may_see_progress_import,
            may_see_report,
            may_see_report_entry,
        )
        from tasks.due import DUE_ITEMS, REPORTS
        from tasks.heaps import find_heap
        from tasks.home import landing_for, register_home_panels
        from tasks.indicators import ASSIGNMENTS, INDICATORS, REPORTED, RETURNED
        from tasks.indicators import DUE_ITEMS as COUNTED_ITEMS
        from tasks.indicators import REPORTS as COUNTED_REPORTS
        from tasks.mine_home import mine_file_panels
        from tasks.models import PlanImport, ProgressEntry, ProgressImport, ProgressReport, ReportEntry
        from tasks.report_figures import MINE_FIGURES, TASK_FIGURES, register_report_figures
        from tasks.report_home import report_panels
        from tasks.search import find_campaigns, find_tasks
        from tasks.services.merging import settle_shared_duties
        from tasks.verbs import DETAILS, VERBS
        from units.services.merging import register_merge_step

        register_verbs(VERBS)
        register_indicators(COUNTED_ITEMS, *INDICATORS)
        register_indicators(ASSIGNMENTS, RETURNED)
        register_indicators(COUNTED_REPORTS, REPORTED)
        register_merge_step(settle_shared_duties)
        register_due_source(DUE_ITEMS)
        register_due_source(REPORTS)
        register_search("专项行动", find_campaigns)
        register_search("任务", find_tasks)
        register_evidence_access(ProgressEntry, may_see_progress)
        register_evidence_access(PlanImport, may_see_import)
        register_evidence_access(ProgressImport, may_see_progress_import)
        register_evidence_access(ProgressReport, may_see_report)
        register_evidence_access(ReportEntry, may_see_report_entry)
        register_report_figures(TASK_FIGURES, *MINE_FIGURES)
        register_heaps(find_heap)
        register_home_panels(report_panels)
        register_home_panels(mine_file_panels)
        register_details(DETAILS)
        register_navigation(
            NavigationEntry(
                "我的工作",
                "tasks:home",
                "work",
                order=10,
                also=("/overview/",),
                visible=lambda user: not landing_for(user),
                on_bar=lambda user: True,
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
                    "/reporting-rules/",
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
                on_bar=lambda user: True,
            ),
            NavigationEntry(
                "月报",
                "tasks:reports",
                "report",
                order=32,
                also=("/consolidations/",),
                on_bar=lambda user: not user.reads_region or user.reviews,
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
                "report.draft": Status("填报中", "grey", "edit"),
                "report.signed": Status("已签发", "blue", "half"),
                "report.submitted": Status("待审核", "blue", "clock"),
                "report.returned": Status("已退回", "amber", "returned"),
                "report.accepted": Status("已通过", "green", "check"),
                "report.dropped": Status("已放弃", "grey", "stop"),
                "report.missing": Status("未报", "red", "alert"),
                "report.late": Status("迟报", "amber", "clock"),
                "finished": Status("已完成", "green", "check"),
                "campaign.active": Status("实施中", "blue", "half"),
                "campaign.closed": Status("已结束", "grey", "check"),
            }
        )
