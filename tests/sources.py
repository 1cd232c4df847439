"""The files of the program."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("index", "assistant", "ui")
BENCHMARKS = sorted((ROOT / "bench").rglob("*.py"))
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
