"""The README's tables agree with the code, so that they cannot rot."""

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

from pydantic_core import PydanticUndefined
from starlette.routing import Route

from pages.ui.nav import PLACES
from scaling import doors, gateway
from scaling.services import Services
from storage.database import Store
from storage.errors import StorageError
from storage.settings import Settings
from tests.house.source import ROOMS, ROOT, product_modules, readme_table

README = (ROOT / "README.md").read_text(encoding="utf-8")


def shown(default: Any) -> str:
    """Return a setting's default as the README writes it."""
    if default is None or default is PydanticUndefined:
        return "unset"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_settings() -> None:
    expected = [
        [f"`{field.validation_alias or 'TIDELINE_' + name.upper()}`", shown(field.default), field.description or ""]
        for name, field in Settings.model_fields.items()
    ]
    assert readme_table("Settings") == expected, "\n".join(f"| {' | '.join(row)} |" for row in expected)


def test_tables_of_the_database(store: Store) -> None:
    names = store.read(lambda db: set(db.table_names()))
    own = {name for name in names if not name.startswith(("sqlite_", "_sqlite", "message_search_"))}
    assert {row[0].strip("`") for row in readme_table("What is kept")} == own


def test_rooms() -> None:
    named = {row[0].strip("`").rstrip("/") for row in readme_table("Architecture")}
    assert {*ROOMS, "app.py"} <= named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_layers_in_the_readme_are_the_layers_that_are_checked() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = [contract["layers"] for contract in config["contracts"] if contract["type"] == "layers"]
    assert sorted(name for layer in layers for name in re.split(r"\W+", layer)) == sorted(ROOMS)
    assert " → ".join(layer.replace(" | ", ", ") for layer in layers) in README


def test_pages() -> None:
    expected = [[f"`{'/' + (place.url if place.url is not None else place.name)}`", place.title] for place in PLACES]
    assert [row[:2] for row in readme_table("Pages")] == expected


def test_http_routes() -> None:
    def closed() -> Services:
        raise StorageError("No request is made here.")

    table = [*doors.routes(closed, "0"), *gateway.routes(closed)]
    served = {route.path for route in table if isinstance(route, Route) and "{path:path}" not in route.path}
    assert {row[0].strip("`").split()[-1] for row in readme_table("HTTP API")} == served


def test_both_commands() -> None:
    lines = README.splitlines()
    assert "pip install -r requirements.txt && streamlit run app.py" in lines
    assert "pip install -r requirements-dev.txt && pytest -n 2" in lines


def test_links_and_pictures_lead_somewhere() -> None:
    local = [target for target in re.findall(r"\]\(([^)#\s]+)\)", README) if not target.startswith("http")]
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_the_version_has_a_changelog_entry() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"## {project['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_import_has_its_requirement() -> None:
    """What comes along with a requirement, and may be imported because of it, is listed here."""
    comes_along = {"bcrypt", "langchain_core", "langgraph", "pydantic", "pydantic_core"}
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    required = {name.replace("-", "_") for name in re.findall(r"^([\w-]+)>=", text, re.MULTILINE)}
    imported = {name.partition(".")[0] for module in product_modules() for name in module.imports}
    ours = {*ROOMS, "app", *sys.stdlib_module_names}
    assert sorted(imported - ours - required - comes_along) == []


def test_requirements_are_bounded_above() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = Path(ROOT / name).read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert [line for line in wanted if not re.fullmatch(r"[\w-]+>=[\d.]+,<[\d.]+", line)] == []
