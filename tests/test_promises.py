"""What SECURITY.md promises, a test shows: each promise names one, and those that are named exist."""

import re

from sources import ROOT

PROMISED = (ROOT / "SECURITY.md").read_text(encoding="utf-8").split("## What is promised")[1].split("\n## ")[0]
PROMISES = re.split(r"\n- ", PROMISED)[1:]


def test_each_promise_names_its_test() -> None:
    assert len(PROMISES) >= 15
    assert [promise for promise in PROMISES if not re.search(r"\(tests/test_\w+\.py", promise)] == []


def test_the_tests_that_are_named_exist() -> None:
    named = set(re.findall(r"tests/\w+\.py", PROMISED))
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []
