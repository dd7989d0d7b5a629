"""Reference pages: how papers looked when somebody last looked at them.

After a change of a template, or of Typst: `python -m tests.casework.papers.references` draws them anew; then look at
every one that changed. 演示数据
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
from PIL import Image, ImageChops

FOLDER = Path(__file__).parent / "references"
# What another machine's arithmetic may change: the shade of an edge, and hardly a point more than that.
SHADE, POINTS = 64, 20
# Of which sample which page: the first as usual, the last of a long one, the first of one with everything left empty.
PAGES = {"usual": 0, "long": -1, "sparse": 0}


def drawn() -> Iterator[tuple[str, Image.Image]]:
    """Every reference page as it is now, by its name."""
    # Only now: whoever draws them anew sets Django up first.
    from lika.casework.papers import template_of
    from tests.casework.papers.samples import SAMPLES
    from tests.papers import pages_of

    for name, variants in SAMPLES.items():
        for (variant, page), data in zip(PAGES.items(), variants, strict=True):
            yield f"{name}-{variant}", pages_of(template_of(type(data)), data)[page]


def differing(page: Image.Image, reference: Image.Image) -> int:
    """How many points differ by more than a shade; all of them where the sizes differ."""
    if page.size != reference.size:
        return page.width * page.height
    return sum(ImageChops.difference(page, reference).histogram()[SHADE:])


def main() -> None:
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "LIKA_DEMO": "1", "LIKA_DATA_DIR": data_dir}
        django.setup()
        pages = dict(drawn())
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for name, page in pages.items():
        page.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
