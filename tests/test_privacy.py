"""Every column of every model is declared personal or open in its app's privacy.py."""

import importlib
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models

from ppaos.orm import SealedTextField
from tests.test_architecture import OUR_APPS

WITH_MODELS = [name for name in OUR_APPS if list(apps.get_app_config(name).get_models())]


def declared(app: str) -> ModuleType:
    return importlib.import_module(f"{app}.privacy")


def columns_of(model: type[models.Model]) -> set[str]:
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return {field.name for field in fields}


@pytest.mark.parametrize("app", WITH_MODELS)
def test_every_column_is_declared_once(app: str) -> None:
    privacy = declared(app)
    problems = {}
    for model in apps.get_app_config(app).get_models():
        name = model.__name__
        personal, open_ = privacy.PERSONAL.get(name, set()), privacy.OPEN.get(name, set())
        found = {
            "undeclared": columns_of(model) - personal - open_,
            "gone": (personal | open_) - columns_of(model),
            "both": personal & open_,
        }
        if any(found.values()):
            problems[name] = found
    assert problems == {}


@pytest.mark.parametrize("app", WITH_MODELS)
def test_no_model_is_declared_that_is_gone(app: str) -> None:
    privacy = declared(app)
    models_there = {model.__name__ for model in apps.get_app_config(app).get_models()}
    assert (privacy.PERSONAL.keys() | privacy.OPEN.keys()) <= models_there


@pytest.mark.parametrize("app", WITH_MODELS)
def test_what_is_sealed_is_personal(app: str) -> None:
    personal = declared(app).PERSONAL
    left_out = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.fields
        if isinstance(field, SealedTextField)
        and field.name not in personal.get(model.__name__, set())
    }
    assert left_out == set()
