"""Rules that every template of the project keeps, whoever wrote it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
GALLERY = (ROOT / "templates" / "web" / "components.html").read_text()
SYMBOLS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text()))

# What the strict Content-Security-Policy would block in the browser.
INLINE = re.compile(
    r"""<style\b | \sstyle\s*= | \son[a-z]+\s*= | javascript: | \bhx-on
      | <script\b(?![^>]*\bsrc\s*=)(?![^>]*type="application/json")""",
    re.VERBOSE | re.IGNORECASE,
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_has_style_or_script_in_line(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color:red">',
        "<a onclick='x()'>",
        "<script>x()</script>",
        "<style>p{}</style>",
        '<a href="javascript:x()">',
        '<div hx-on:click="x()">',
    ],
)
def test_the_rule_sees_what_it_should_see(text: str) -> None:
    assert INLINE.search(text)


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_every_component_says_what_it_is_and_what_it_needs(path: Path) -> None:
    text = path.read_text()
    comment = re.match(
        r"(?:{% load [^%]+ %})?{% comment %}\n(.+?){% endcomment %}", text, re.DOTALL
    )

    assert comment, "the file must begin with a comment"
    assert re.search(r"^Context$|No context|; context as in", comment[1], re.MULTILINE)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_symbol_that_is_named_exists(path: Path) -> None:
    text = path.read_text()
    named = re.findall(r'{% icon "([^"]+)"', text) + re.findall(r'icon_name="([^"]+)"', text)

    assert set(named) <= SYMBOLS


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_static_file_that_is_named_is_collected(path: Path) -> None:
    for static in re.findall(r"{% static '([^']+)' %}", path.read_text()):
        assert finders.find(static), static


DRAWN_BY_TAGS = {
    "radar.html": "{% radar ",
    "stacked_bar.html": "{% stacked_bar ",
    "dimension.html": "{% dimension ",
}
# Part of every page or of another component, so the gallery shows them too.
DRAWN_BY_OTHERS = {
    "_head.html", "navigation_top.html", "navigation_bottom.html", "demo_banner.html",
    "messages.html", "breadcrumb.html", "field.html", "form_errors.html",
}  # fmt: skip


@pytest.mark.parametrize("path", COMPONENTS, ids=name)
def test_every_component_is_shown_in_the_gallery(path: Path) -> None:
    shown = DRAWN_BY_TAGS.get(path.name, f'"components/{path.name}"') in GALLERY

    assert shown or path.name in DRAWN_BY_OTHERS
