"""The project's own files, parsed, for the tests of its house rules."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("pages", "accounts", "agent", "simulation", "scaling", "storage")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the project."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the project's root."""
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def imports(self) -> set[str]:
        """Full names of the modules that it imports."""
        names: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
        return names

    @property
    def functions(self) -> list[Function]:
        """Every function and method, nested ones included."""
        return [node for node in ast.walk(self.tree) if isinstance(node, Function)]


def product_modules() -> list[Module]:
    """Return app.py and every module of every room."""
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    return [Module(path) for path in (ROOT / "app.py", *paths)]


def modules_of_tests() -> list[Module]:
    """Return every module under tests/."""
    return [Module(path) for path in sorted((ROOT / "tests").rglob("*.py"))]


def readme_table(heading: str) -> list[list[str]]:
    """Return the cells of the first table under the README's heading of that name, without its two head rows.

    Raises LookupError when there is no such heading.
    """
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip() if line.startswith("#") else None for line in lines]
    if heading not in titles:
        raise LookupError(f"README.md has no heading {heading!r}")
    rows: list[list[str]] = []
    for line in lines[titles.index(heading) + 1 :]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    return rows[2:]
