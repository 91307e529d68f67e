from django.apps import AppConfig


class MinesConfig(AppConfig):
    name = "mines"
    verbose_name = "矿山"
