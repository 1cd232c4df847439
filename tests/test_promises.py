"""What SECURITY.md promises, a test shows: each promise names one, and those that are named test something."""

import re

from sources import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISED = SECURITY.split("## What is promised")[1].split("\n## ")[0]
PROMISES = re.split(r"\n- ", PROMISED)[1:]


def test_each_promise_names_its_test() -> None:
    assert len(PROMISES) >= 15
    assert [promise for promise in PROMISES if not re.search(r"\(tests/test_\w+\.py", promise)] == []


def test_the_tests_that_are_named_exist_and_test_something() -> None:
    named = sorted(set(re.findall(r"tests/\w+\.py", SECURITY)))
    tested = {name: (ROOT / name).is_file() and "\ndef test_" in (ROOT / name).read_text("utf-8") for name in named}
    assert [name for name in named if not tested[name]] == []
