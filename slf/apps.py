from django.apps import AppConfig


class SlfConfig(AppConfig):
    name = "slf"
    verbose_name = "ทุนดำรงชีพ 5 ด้าน"
