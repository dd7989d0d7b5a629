"""The committed manual is what the golden tables say."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "render_criteria_manual.py"


def test_the_committed_manual_is_the_rendering() -> None:
    spec = importlib.util.spec_from_file_location("render_criteria_manual", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    committed = {path.name: path.read_text(encoding="utf-8") for path in tool.MANUAL.glob("*.md")}
    assert committed == tool.render(), "run tools/render_criteria_manual.py"
