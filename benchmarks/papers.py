"""How fast the notices of a county are set: 350 villages, 20 to 60 households each, against an empty page as often.

    python benchmarks/papers.py

Needs no data. Prints JSON: seconds for all notices, pages, pages a second, seconds for as many empty pages, the ratio.
"""

import datetime as dt
import json
import os
import re
import tempfile
import time

NOTICES = 350
FEWEST, SPREAD = 20, 41  # households of a notice: 20 to 60
PAGE = re.compile(rb"/Type\s*/Page\b")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "满仓秀英建国桂兰永福月娥小平来顺文𬍛㛃"


def main() -> None:
    """Set them one after the other, as a worker does."""
    import typst

    from lika.casework.papers import printed
    from lika.casework.papers.public import Notice
    from lika.casework.papers.shared import HouseholdLine, Office
    from lika.core.papers.faces import faces, own_folder

    def line(village: int, number: int) -> HouseholdLine:
        name = SURNAMES[(village + number) % len(SURNAMES)] + GIVEN[(village * number) % len(GIVEN)]
        return HouseholdLine(name, f"第{number % 8 + 1}村民小组", number % 7 + 1, "拟脱贫")

    def notice(village: int) -> Notice:
        return Notice(
            title=f"演示{village}村2016年度拟脱贫贫困户名单公示",
            made_on=dt.date(2016, 11, 7),
            place=f"演示{village}村",
            basis="《演示方案》第十章",
            course="经村民代表会议民主评议、村“两委”和驻村工作队核实",
            subject="2016年度拟脱贫贫困户名单",
            places=("村委会公示栏", "各自然村"),
            office=Office("演示镇扶贫工作站", "0000-0000000"),
            issuers=(f"演示{village}村村民委员会", "驻村工作队"),
            starts_on=dt.date(2016, 11, 8),
            ends_on=dt.date(2016, 11, 14),
            period="7日",
            households=tuple(line(village, number) for number in range(FEWEST + village % SPREAD)),
        )

    printed(notice(0))  # faces are read once a process
    began = time.perf_counter()
    papers = [printed(notice(village)) for village in range(NOTICES)]
    took = time.perf_counter() - began
    began = time.perf_counter()
    for number in range(NOTICES):
        typst.compile(f"// {number}\n".encode(), font_paths=faces(own_folder()), pdf_standards="a-2b")
    empty = time.perf_counter() - began
    pages = sum(len(PAGE.findall(paper)) for paper in papers)
    figures = {"seconds": round(took, 1), "pages": pages, "pages_a_second": round(pages / took)}
    print(json.dumps(figures | {"empty_seconds": round(empty, 2), "ratio": round(took / empty, 1)}))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "lika.config.settings", "LIKA_DATA_DIR": data_dir}
        import django

        django.setup()
        main()
