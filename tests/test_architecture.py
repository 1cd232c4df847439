"""Imports run ui -> assistant -> index, and each library stays at its edge."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = {"index": {"index"}, "assistant": {"assistant", "index"}, "ui": {"ui", "assistant", "index"}}
EDGES: dict[str, set[str]] = {
    "chromadb": {"index/chroma.py", "index/chroma_server.py"},
    "psycopg": {"index/postgres.py"},
    "pgvector": {"index/postgres.py"},
    "sentence_transformers": {"index/embedding.py", "index/conversion.py"},
    "ray": {"index/ray_engine.py"},
    "pyarrow": {"index/ray_engine.py"},
    "pypdf": {"index/readers/pdf.py"},
    "trafilatura": {"index/readers/webpage.py"},
    "openvino_genai": {"assistant/runtime.py"},
    "opentelemetry": {"assistant/traces.py"},
    "authlib": set(),  # Streamlit's own affair
    "openai": {"assistant/served.py"},
    "mcp": {"ui/mcp_server.py"},
    "fastapi": {"ui/api/routes.py", "ui/api/asking.py", "ui/api/chat_completions.py"},
    "uvicorn": {"ui/api/server.py", "ui/mcp_server.py"},
    "prometheus_client": {"ui/api/measures.py"},
}
SOURCES = sorted(path for package in ALLOWED for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_never_run_back(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imported(path) & set(ALLOWED) <= ALLOWED[package]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_library_stays_at_its_edge(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    for library, homes in EDGES.items():
        assert library not in imported(path) or name in homes
    assert "streamlit" not in imported(path) or name.startswith("ui/")
