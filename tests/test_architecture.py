"""The house keeps its plan: relations point down, files are the known ones, nothing banned."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 500
MOST_COLUMNS = 30

KNOWN = {
    *("__init__", "apps", "models", "querysets", "workflow", "permissions", "services", "forms"),
    *("filters", "views", "api", "tasks", "urls", "admin", "privacy"),
    *("templatetags", "management", "migrations"),
}
OF_ONE_APP = {
    "api": {"authentication", "idempotency", "schema"},
    "accounts": {"roles", "adapter", "limits", "middleware"},
    "slf": {"scoring", "instrument"},
    "problems": {"rules"},
    "quality": {"rules"},
    "reconciliation": {"figures", "queries"},
    "imports": {"profiles", "reading", "normalise", "verdicts", "apply", "undo"},
    "dashboards": {"queries", "figures", "suppression"},
    "fieldwork": {"coverage"},
}


def _layers() -> list[set[str]]:
    """Return the apps of each storey of .importlinter, the top one first."""
    config = configparser.ConfigParser()
    config.read(ROOT / ".importlinter")
    lines = config["importlinter:contract:layers"]["layers"].split("\n")
    return [set(re.split(r"\s*[|:]\s*", line.strip())) for line in lines if line.strip()]


HEIGHT = {app: height for height, layer in enumerate(reversed(_layers())) for app in layer}
OUR_APPS = sorted(
    config.name
    for config in apps.get_app_configs()
    if "." not in config.name and (ROOT / config.name).is_dir()
)
PYTHON = sorted(
    path.relative_to(ROOT)
    for folder in (*OUR_APPS, "ppaos", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
TEMPLATES = sorted(path.relative_to(ROOT) for path in (ROOT / "templates").rglob("*.html"))


def test_every_app_has_its_storey() -> None:
    assert set(OUR_APPS) <= HEIGHT.keys()


@pytest.mark.parametrize("app", OUR_APPS)
def test_relations_point_down(app: str) -> None:
    upward = set()
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.get_fields(include_parents=False):
            target = field.related_model
            if not field.concrete or target is None or isinstance(field, GenericForeignKey):
                continue
            assert not isinstance(target, str)
            other = target._meta.app_config.name
            # Who made a row stands in it everywhere: the user is named by the setting.
            if other in (app, "accounts") and (other == app or target.__name__ == "User"):
                continue
            if other in HEIGHT and HEIGHT[other] >= HEIGHT[app]:
                upward.add(f"{model.__name__}.{field.name} → {target._meta.label}")
    assert upward == set()


@pytest.mark.parametrize("app", OUR_APPS)
def test_an_app_has_known_files_only(app: str) -> None:
    allowed = KNOWN | OF_ONE_APP.get(app, set())
    found = {
        path.stem
        for path in (ROOT / app).iterdir()
        if path.suffix == ".py" or (path.is_dir() and list(path.glob("*.py")))
    }
    assert found - allowed == set()


@pytest.mark.parametrize("app", OUR_APPS)
def test_no_model_is_a_pile_of_columns(app: str) -> None:
    sizes = {
        model.__name__: len(model._meta.fields) for model in apps.get_app_config(app).get_models()
    }
    assert {name: size for name, size in sizes.items() if size > MOST_COLUMNS} == {}


def test_no_module_is_too_long() -> None:
    lengths = {str(path): len((ROOT / path).read_text().splitlines()) for path in PYTHON}
    assert {path: length for path, length in lengths.items() if length > MOST_LINES} == {}


# ---- banned names ------------------------------------------------------------------------
def banned_in(source: str) -> set[str]:
    """Return what is banned and occurs in a module."""
    tree = ast.parse(source)
    return {*_signals(tree), *_inner_imports(tree)}


def _signals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if "receiver" in ast.unparse(decorator):
                    yield f"@receiver on {node.name}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # socket.connect(…) takes an address; a signal's takes a function.
            target = ast.unparse(node.func.value)
            if node.func.attr == "connect" and re.search(r"signal|pre_|post_|_done", target):
                yield f"{target}.connect"


def _inner_imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield f"import inside {node.name}"


# Before .venv and the servers are there, manage.py's own parts cannot import Django.
BOOTSTRAP = {"ppaos/embedded"}


@pytest.mark.parametrize("path", PYTHON, ids=str)
def test_nothing_banned_is_in_a_module(path: Path) -> None:
    found = banned_in((ROOT / path).read_text())
    if str(path.parent) in BOOTSTRAP:
        found = {what for what in found if not what.startswith("import inside")}
    assert found == set()


def test_there_is_no_module_for_whatever() -> None:
    whatever = {"utils", "util", "helpers", "helper", "misc", "common", "signals"}
    assert [path for path in PYTHON if path.stem in whatever or whatever & set(path.parts)] == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("@receiver(post_save)\ndef f(): ...", "@receiver on f"),
        ("post_save.connect(f)", "post_save.connect"),
        ("def f():\n    import os", "import inside f"),
        ("def f():\n    if x:\n        from a import b", "import inside f"),
    ],
)
def test_banned_things_are_found(source: str, what: str) -> None:
    assert banned_in(source) == {what}


# ---- templates ------------------------------------------------------------------------------
def banned_in_template(source: str) -> set[str]:
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", source, flags=re.DOTALL)
    rules = {
        "|safe": r"\|\s*safe\b",
        "autoescape off": r"autoescape\s+off",
        "style=": r"<[^>]*\sstyle\s*=",
        "on…=": r"<[^>{]*\son[a-z]+\s*=",
        "<style>": r"<style\b",
        "javascript:": r"javascript:",
    }
    found = {name for name, rule in rules.items() if re.search(rule, source)}
    inline = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", source)
    return found | ({"inline <script>"} if inline else set())


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_nothing_banned_is_in_a_template(path: Path) -> None:
    assert banned_in_template((ROOT / path).read_text()) == set()


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("{{ name|safe }}", "|safe"),
        ('<p class="a" style="color:red">', "style="),
        ('<button onclick="x()">', "on…="),
        ("<script>x()</script>", "inline <script>"),
        ("{% autoescape off %}", "autoescape off"),
    ],
)
def test_banned_things_are_found_in_templates(source: str, what: str) -> None:
    assert banned_in_template(source) == {what}
