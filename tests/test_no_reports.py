"""No library reports its use to its makers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
# OpenVINO notes who it reports as, in the home folder, as soon as it is imported.
PROGRAM = "import {module}, openvino, openvino.tools.ovc.telemetry_utils as reports; print(reports.tm.__name__)"


@pytest.mark.parametrize(
    "module", ["index.models.conversion", "assistant.models.embedded", "assistant.models.int8_rows"]
)
def test_openvino_reports_nothing(module: str, tmp_path: Path) -> None:
    program = [sys.executable, "-c", PROGRAM.format(module=module)]
    done = subprocess.run(
        program, capture_output=True, text=True, cwd=ROOT, env={**os.environ, "HOME": str(tmp_path)}, timeout=120
    )
    assert done.stdout == "openvino.tools.ovc.telemetry_stub\n", done.stderr
    assert not (tmp_path / "intel").exists()
