"""House rules that no linter checks: lengths, docstrings of modules, empty __init__.py, one source of time, no loose ends."""

import ast

import pytest

from tests.house.source import ROOT, Module, modules_of_tests, product_modules

MODULE_LINES = 300
PAGE_LINES = 120
FUNCTION_LINES = 50
LOOSE_ENDS = ("# type: ignore", "# noqa", "TODO", "FIXME", "MagicMock", "pickle.load", "mark.xfail")


def is_page(module: Module) -> bool:
    return module.path.parent == ROOT / "pages"


def test_modules_are_short() -> None:
    limits = {module: PAGE_LINES if is_page(module) else MODULE_LINES for module in product_modules()}
    assert [f"{module.name}: {module.lines}" for module, limit in limits.items() if module.lines > limit] == []


def test_functions_are_short() -> None:
    too_long = [
        f"{module.name}: {function.name}"
        for module in product_modules()
        for function in module.functions
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES
    ]
    assert too_long == []


def test_modules_say_why_they_exist() -> None:
    modules = [module for module in (*product_modules(), *modules_of_tests()) if module.tree.body]
    assert [module.name for module in modules if ast.get_docstring(module.tree) is None] == []


def test_packages_are_empty_of_work() -> None:
    """An __init__.py may pass on the names that others rely on, and nothing else."""
    packages = [module for module in (*product_modules(), *modules_of_tests()) if module.path.name == "__init__.py"]
    assert [module.name for module in packages if not all(is_passing_on(line) for line in module.tree.body)] == []


def is_passing_on(line: ast.stmt) -> bool:
    """Whether a statement is a docstring, an import or __all__."""
    if isinstance(line, ast.Assign):
        return [target.id for target in line.targets if isinstance(target, ast.Name)] == ["__all__"]
    return isinstance(line, ast.Import | ast.ImportFrom) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))


@pytest.mark.parametrize("loose_end", LOOSE_ENDS)
def test_nothing_is_left_for_later_or_silenced(loose_end: str) -> None:
    modules = [module for module in (*product_modules(), *modules_of_tests()) if module.path.parent.name != "house"]
    assert [module.name for module in modules if loose_end in module.text] == []


def test_time_comes_from_the_clock() -> None:
    askers = [m.name for m in product_modules() if "datetime.now(" in m.text or "datetime.today(" in m.text or "time.time()" in m.text]
    assert askers == ["storage/clock.py"]


def test_nothing_imports_the_entry_point() -> None:
    assert [module.name for module in product_modules() if "app" in module.imports] == []


def test_app_imports_streamlit_but_no_langchain_and_no_sql() -> None:
    roots = {name.partition(".")[0] for name in Module(ROOT / "app.py").imports}
    assert roots.isdisjoint({"langchain", "langchain_core", "langgraph", "langchain_google_genai", "sqlite3", "sqlite_utils"})


def test_each_page_opens_with_its_own_gate() -> None:
    """No page may rely on another file having run first: its gate is its first call."""
    pages = [module for module in product_modules() if is_page(module) and module.path.name != "__init__.py"]
    assert pages
    assert [module.name for module in pages if "gate" not in module.text] == []
