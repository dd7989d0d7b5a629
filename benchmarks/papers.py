"""How fast the notices of a county are set: 350 villages, 20 to 60 households each, against an empty page as often.

    python benchmarks/papers.py
    python benchmarks/papers.py --job

The first needs no data. Prints JSON: seconds for all notices, pages, pages a second, seconds for as many empty pages,
the ratio. The second needs the demonstration (`DEMO_SERVE=0 make demo`): it hangs as many notices in villages of its
county and has them printed as an official does, asked for, set by the processes beside it, sealed and taken. It prints
also the parts of that, the peak of memory here and of a process that sets, and the floor of the same run: the same
papers set by one process. All of it happens in a transaction that is taken back.
"""

import argparse
import datetime as dt
import json
import os
import re
import resource
import tempfile
import time

from setting import lika

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


def job() -> None:
    """Hang the notices of a county, and have them printed as the office does."""
    from django.db import transaction

    from lika.casework import bundle_files
    from lika.casework.actions import boards, bundles
    from lika.casework.models import NoticeBundle
    from lika.casework.papers import printed
    from lika.casework.queries.bundles import hanging_in

    with transaction.atomic():
        by, county = hang()
        took = {}
        began, used = time.perf_counter(), time.process_time()
        bundle = bundles.ask_for_bundle(by=by, division=county, reason="benchmark")
        took["asked"] = time.perf_counter()
        bundles.do_bundle(by=by, bundle=bundle.pk)
        took["printed"] = time.perf_counter()
        _name, content = bundles.take_bundle(by=by, bundle=bundle.pk)
        took["taken"] = time.perf_counter()
        used = time.process_time() - used
        memory = {
            f"{name}_mb": resource.getrusage(whose).ru_maxrss // 1024
            for name, whose in (("peak", resource.RUSAGE_SELF), ("setter_peak", resource.RUSAGE_CHILDREN))
        }
        setters = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = NoticeBundle.objects.get(pk=bundle.pk)
        papers = [boards.paper_of(each).paper for each in hanging_in(by, county)]
        alone, used_alone = time.perf_counter(), time.process_time()
        for each in papers:
            printed(each)
        floor, used_alone = time.perf_counter() - alone, time.process_time() - used_alone
        bundle_files.path_of(done).unlink()
        transaction.set_rollback(True)
    seconds = took["taken"] - began
    figures = {
        "notices": len(papers),
        "seconds": round(seconds, 1),
        "of_which_asking": round(took["asked"] - began, 1),
        "of_which_taking": round(took["taken"] - took["printed"], 1),
        "zip_mb": round(len(content) / 1024**2, 1),
        "one_process_seconds": round(floor, 1),
        "ratio": round(seconds / floor, 2),
        "processor_seconds": round(used + setters.ru_utime + setters.ru_stime, 1),
        "of_which_setting": round(setters.ru_utime + setters.ru_stime, 1),
        "one_process_processor_seconds": round(used_alone, 1),
        "load": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures | memory))


def hang() -> tuple[object, str]:
    """So many notices in the county of the demonstration, posted today; who may take them, and the county."""
    from casework import campaign, officer

    from lika.casework import notice_content
    from lika.casework.actions import cases
    from lika.casework.models import Batch, Notice, Posting
    from lika.casework.notice_content import Content, Line
    from lika.casework.queries.cases import procedure_of
    from lika.casework.queries.clock import database_now
    from lika.casework.queries.notices import local_day
    from lika.core.ids import uuid7
    from lika.core.language import Said
    from lika.policy.choices import PostingPlace, StageKind

    by, county, now = officer(), "621223000000", database_now()
    opened = campaign("demo/cn-gansu-dangchang/2016", county)
    cases.begin(by=by, campaign=opened.pk)
    batches = list(Batch.objects.filter(campaign=opened).select_related("division").order_by("number"))
    stage = next(each for each in procedure_of(batches[0]).stages if each.kind is StageKind.PUBLIC_NOTICE)
    for village in range(NOTICES):
        batch = batches[village % len(batches)]
        lines = tuple(
            Line(
                SURNAMES[(village + n) % len(SURNAMES)] + GIVEN[(village * n) % len(GIVEN)], f"第{n % 8 + 1}村民小组",
                n % 7 + 1,
            )
            for n in range(FEWEST + village % SPREAD)
        )  # fmt: skip
        content = Content(
            kind="notice", round=1, title=Said(f"{batch.division.name}2016年度拟脱贫贫困户名单公示", ""),
            village=batch.division_id, place=f"宕昌县 演示镇 {batch.division.name}", result=Said("拟脱贫", ""),
            basis="《演示方案》第十章", course="经村民代表会议民主评议、村“两委”和驻村工作队核实", phone="0000-0000000",
            issuer=f"{batch.division.name}", days=7, day_kind="calendar", demo=True, lines=lines,
        )  # fmt: skip
        text = notice_content.text_of(content)
        notice = Notice.objects.create(
            batch=batch, stage=stage.id, kind="notice", round=1, days=7, day_kind="calendar", level=stage.level,
            phone=content.phone, content=text, sha256=notice_content.sha256_of(text), opened_by=by.name, opened_at=now,
        )  # fmt: skip
        Posting.objects.create(
            notice=notice, place=PostingPlace.VILLAGE, division=batch.division, posted_on=local_day(now),
            posted_by=by.name, proof_id=uuid7(), entered_at=now,
        )  # fmt: skip
    return by, county


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--job", action="store_true", help="print the notices of the demonstration's county")
    if parser.parse_args().job:
        with lika():
            job()
        raise SystemExit
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "lika.config.settings", "LIKA_DATA_DIR": data_dir}
        import django

        django.setup()
        main()
