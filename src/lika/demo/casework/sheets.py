"""What a village says of itself on its indicator sheet, item by item, and what each level writes. 演示数据"""

from collections.abc import Callable, Mapping

from lika.casework.actions import indicators
from lika.casework.actions.indicators import Finding, SelfEvaluation
from lika.casework.models import Case, Indicator
from lika.core.actors import Actor

# By criterion: what the village says, and which papers it names.
_SAID: Mapping[str, tuple[str, str]] = {
    "village_incidence": ("演示：剩余未脱贫人口均已落实帮扶措施", "贫困人口动态管理台账、脱贫户名册"),
    "village_infrastructure": ("演示：通村道路全部硬化，动力电和宽带已通", "道路竣工验收表、供电和通信证明"),
    "village_services": ("演示：卫生室、文化室、综合服务设施已投入使用", "标准化卫生室验收表、现场照片"),
    "village_industry": ("演示：有主导产业，合作社带动贫困户", "合作社营业执照、带贫协议"),
    "village_look": ("演示：村内道路、庭院整洁，垃圾集中处理", "村容村貌整治前后照片"),
}
_CHECKED = "演示：实地查看，与自评一致"


def enter_sheet(*, by: Actor, case: Case, first: bool, paper: Callable[[], bytes], half: bool) -> None:
    """Work the sheet out and evaluate it at the first stage, check it at any other; with `half` its first half.

    The first item of a self-evaluation comes with a file.
    """
    if first:
        indicators.draw(by=by, case=case.pk)
    items = list(Indicator.objects.filter(sheet__case=case).order_by("position").values_list("criterion", flat=True))
    chosen = items[: (len(items) + 1) // 2] if half else items
    if first:
        said = {name: SelfEvaluation(True, *_SAID[name], paper() if name == items[0] else None) for name in chosen}
        indicators.evaluate(by=by, case=case.pk, given=said)
    else:
        indicators.check(by=by, case=case.pk, given=dict.fromkeys(chosen, Finding(True, _CHECKED)))
