"""Carry GLOSSARY.md into the package: `src/lika/console/data/glossary.json`, which the pop-ups read.

    python tools/glossary.py

`tests/console/test_glossary.py` holds that the two agree.
"""

from pathlib import Path

from lika.console.glossary import DATA, as_json, read_table

GLOSSARY = Path(__file__).resolve().parents[1] / "GLOSSARY.md"


def main() -> None:
    """Write the file anew."""
    DATA.write_text(as_json(read_table(GLOSSARY.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
