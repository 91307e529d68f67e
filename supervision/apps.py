from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"
    verbose_name = "督办"

    def ready(self) -> None:
        from supervision.registrations import register_letters
        from supervision.rules import RULES
        from units.rules import register_rules

        register_rules("提醒", RULES)
        register_letters()
