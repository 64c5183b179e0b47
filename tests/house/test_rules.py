"""House rules that no linter checks: lengths, docstrings of modules, empty __init__.py, one source of time, no loose ends."""

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


def test_packages_are_empty_and_modules_say_why_they_exist() -> None:
    wrong = [
        module.name
        for module in (*product_modules(), *modules_of_tests())
        if bool(module.text.strip()) == (module.path.name == "__init__.py")
        or (module.text.strip() and not (module.tree.body and module.text.lstrip().startswith('"""')))
    ]
    assert wrong == []


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
