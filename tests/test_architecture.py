"""Imports run ui -> assistant -> index and never in a circle, stand at the top, and each library stays at its edge."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from sources import BENCHMARKS, ROOT, SOURCES

ALLOWED = {"index": {"index"}, "assistant": {"assistant", "index"}, "ui": {"ui", "assistant", "index"}}
EDGES: dict[str, set[str]] = {
    "chromadb": {"index/stores/chroma.py", "index/stores/chroma_server.py"},
    "psycopg": {"index/stores/postgres.py"},
    "pgvector": {"index/stores/postgres.py"},
    "sentence_transformers": {"index/models/embedding.py", "index/models/conversion.py"},
    "ray": {"index/engines/cluster.py"},
    "pyarrow": {"index/engines/cluster.py"},
    "pypdf": {"index/reading/readers/pdf.py", "index/reading/readers/columns.py"},
    "striprtf": {"index/reading/readers/rtf.py"},
    "python_calamine": {"index/reading/readers/workbook.py"},
    "warcio": {"index/reading/readers/warc.py"},
    "trafilatura": {"index/reading/readers/webpage.py"},
    "openvino_genai": {"assistant/models/embedded.py", "assistant/models/loading.py"},
    "llama_index": {
        "assistant/models/any_llm.py",
        "assistant/models/embedded.py",
        "assistant/models/ollama.py",
        "assistant/models/served.py",
        "index/models/llama_index_form.py",
    },
    "opentelemetry": {"assistant/traces.py"},
    "authlib": set(),  # Streamlit's own affair
    "openai": {"assistant/models/served.py"},
    "mcp": {"ui/mcp/server.py"},
    "fastapi": {"ui/api/routes.py", "ui/api/asking.py", "ui/api/chat_completions.py"},
    "uvicorn": {"ui/serving.py"},
    "prometheus_client": {"ui/api/measures.py"},
}
HEAVY = {"chromadb", "llama_index", "torch", "openvino", "openvino_genai", "sentence_transformers", "streamlit"}
Import = ast.Import | ast.ImportFrom


def imports(node: ast.AST) -> Iterator[Import]:
    """The imports in it, but for those that only a type checker follows."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Import):
            yield child
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from imports(child)


def local_imports(tree: ast.Module) -> set[Import]:
    """The imports inside functions."""
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {one for function in functions for one in imports(function)}


def names(one: Import) -> Iterator[str]:
    """The modules that an import may mean: of `from a import b`, a and a.b."""
    if isinstance(one, ast.Import):
        yield from (alias.name for alias in one.names)
        return
    assert one.level == 0 and one.module, "a relative import"
    yield one.module
    yield from (f"{one.module}.{alias.name}" for alias in one.names)


def libraries(path: Path) -> set[str]:
    """The top-level packages that a file imports anywhere, types included."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name.split(".")[0] for one in ast.walk(tree) if isinstance(one, Import) for name in names(one)}


def module_of(path: Path) -> str:
    """What an import calls the file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def circle(trees: dict[str, ast.Module]) -> list[str]:
    """Modules of which each imports the next, be it inside a function, and the last the first; none if there are no
    such."""
    arrows = {
        module: {name for one in imports(tree) for name in names(one) if name in trees}
        for module, tree in trees.items()
    }
    return first_circle(arrows)


def first_circle(arrows: dict[str, set[str]]) -> list[str]:
    """Names of which each has an arrow to the next, and the last to the first; none if there are no such."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_never_run_back(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert libraries(path) & set(ALLOWED) <= ALLOWED[package]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_is_read_and_written_in_a_named_encoding(path: Path) -> None:
    """Else it is the locale's, which a library that is being loaded may change for a moment."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    files = [one for one in calls if getattr(one.func, "attr", "") in ("read_text", "write_text")]
    assert not [ast.unparse(one) for one in files if not {"encoding"} & {word.arg for word in one.keywords}]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_stays_at_its_edge(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    for library, homes in EDGES.items():
        assert library not in libraries(path) or name in homes
    assert "streamlit" not in libraries(path) or name.startswith("ui/")


def test_files_import_each_other_in_no_circle() -> None:
    """A package's own file is left out: the first import of anything in it runs that one anyway."""
    files = (path for path in SOURCES if path.name != "__init__.py")
    assert circle({module_of(path): ast.parse(path.read_text()) for path in files}) == []


def test_folders_import_each_other_in_no_circle() -> None:
    """What stands beside the folders of a package stands for itself: values below them, and the main paths above."""
    trees: dict[str, list[ast.stmt]] = {}
    for path in SOURCES:
        if path.name != "__init__.py":
            trees.setdefault(_folder(module_of(path)), []).extend(ast.parse(path.read_text()).body)
    arrows: dict[str, set[str]] = {}
    modules = {module_of(path) for path in SOURCES}
    for folder, statements in trees.items():
        met = {name for one in imports(ast.Module(statements, [])) for name in names(one) if name in modules}
        arrows[folder] = {_folder(name) for name in met} - {folder}
    assert first_circle(arrows) == []


def _folder(module: str) -> str:
    """The folder that the module is in; the module itself where that is a whole package."""
    folder, _, _ = module.rpartition(".")
    return folder if "." in folder else module


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("import b", "import a", True),
        ("import b", "def f():\n    from a import g", True),
        ("import b", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import a", False),
        ("import b", "import c", False),
    ],
)
def test_a_circle_is_found_however_it_is_hidden(one: str, other: str, found: bool) -> None:
    assert bool(circle({"a": ast.parse(one), "b": ast.parse(other)})) is found


def test_imports_inside_functions_are_few_and_say_why() -> None:
    lines = {path: path.read_text().splitlines() for path in (*SOURCES, *BENCHMARKS)}
    local = {
        f"{path.relative_to(ROOT)}:{one.lineno}": lines[path][one.lineno - 1]
        for path in lines
        for one in local_imports(ast.parse("\n".join(lines[path])))
    }
    assert len(local) <= sum(map(len, lines.values())) / 1000, sorted(local)
    assert {place: line for place, line in local.items() if "  # " not in line} == {}


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in SOURCES}), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_map_of_a_package_names_what_is_in_it(folder: Path) -> None:
    told = re.findall(r"\w+\.py|\w+(?=/)", ast.get_docstring(ast.parse((folder / "__init__.py").read_text())) or "")
    files = {path.name for path in folder.glob("*.py")} - {"__init__.py", "__main__.py"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    assert (files | packages) - set(told) == set()


def test_a_name_of_a_class_or_of_a_type_means_one_thing() -> None:
    """To whoever reads one question or one rebuild from file to file."""
    homes: dict[str, set[str]] = {}
    for path in SOURCES:
        if path.name != "words.py":  # whose sections bear the names that a language's file gives them
            for node in ast.parse(path.read_text()).body:
                homes.setdefault(type_named(node), set()).add(str(path.relative_to(ROOT)))
    del homes[""]
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def type_named(node: ast.stmt) -> str:
    """The public name that the statement gives to a class or to another type; "" for any other statement."""
    if isinstance(node, ast.ClassDef):
        return "" if node.name.startswith("_") else node.name
    if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
        return ""
    name, is_variable = node.targets[0].id, ast.unparse(node.value).startswith("TypeVar(")
    return "" if name.startswith("_") or name == name.upper() or name[0].islower() or is_variable else name


def test_no_test_borrows_from_another_one() -> None:
    files = {path.stem: path for path in (ROOT / "tests").glob("*.py")}
    borrowed = {
        f"{stem} from {name}"
        for stem, path in files.items()
        for one in imports(ast.parse(path.read_text()))
        for name in names(one)
        if name in files and name.startswith("test_")
    }
    assert borrowed == set()


@pytest.mark.parametrize(
    "module",
    ["assistant.answers", "index.passages", "index.hits", "index.filters", "index.articles", "index.vectors", "ui.cli"],
)
def test_what_values_and_help_need_is_loaded_at_once(module: str) -> None:
    program = f"import sys, {module}; print(len(sys.modules), *sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    count, *heavy = done.stdout.split()
    assert heavy == [] and int(count) < 400
