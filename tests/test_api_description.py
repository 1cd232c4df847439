"""Whatever the API's own description allows to be sent, and much that it does not, gets an answer that it describes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from servers import serving

from assistant.answering.extractive import ExtractiveAnswerer

CHECKS = [not_a_server_error, response_schema_conformance, status_code_conformance, content_type_conformance]


@pytest.fixture(scope="module")
def described(_indexed: Path) -> Iterator[schemathesis.BaseSchema]:
    """The description as the server gives it, without what starts a process."""
    with serving(_indexed, ExtractiveAnswerer()) as api:
        schema = schemathesis.openapi.from_url(f"{api.url}/openapi.json")
        yield schema.exclude(path="/v1/index", method="POST")


@pytest.mark.slow
def test_every_operation_answers_as_it_is_described(described: schemathesis.BaseSchema) -> None:
    read = [one.ok() for one in described.get_all_operations()]  # type: ignore[union-attr]
    operations = {one.label: one for one in read}
    assert len(operations) == 11
    for operation in operations.values():
        ask(operation, GenerationMode.POSITIVE)
    for label in ("POST /v1/ask", "POST /v1/chat/completions", "GET /v1/search", "GET /v1/articles"):
        ask(operations[label], GenerationMode.NEGATIVE)  # the others have nothing that could be wrong


def ask(operation: "schemathesis.APIOperation[Any, Any, Any, Any]", mode: GenerationMode) -> None:
    """Sends what the description allows, or what it does not, and checks what comes back."""

    @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate(checks=CHECKS, timeout=10)

    answers()
