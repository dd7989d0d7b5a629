"""What could be wrong in the table although its own constraints hold."""

import pyarrow.parquet as pq
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lika.divisions.choices import Level
from lika.divisions.models import Division, DivisionChange
from lika.divisions.sources import DATA


def findings() -> list[str]:
    """Every finding in words, none where all is well: missing official codes, overlaps, valid ones below ended ones."""
    found = []
    missing = missing_codes()
    if missing:
        words = _("%(count)s official codes are missing, the first is %(code)s: run `lika divisions load`.")
        found.append(words % {"count": len(missing), "code": missing[0]})
    for change in overlaps():
        words = _("%(old)s and its successor %(new)s are valid on the same days.")
        found.append(words % {"old": change.predecessor, "new": change.successor})
    for division in below_ended():
        words = _("%(division)s is valid, but %(parent)s above it has ended.")
        found.append(words % {"division": division, "parent": division.parent})
    return found


def missing_codes() -> list[str]:
    """The official codes that the table lacks, sorted, in the provinces that it has (in all where it is empty)."""
    official = pq.read_table(DATA / "divisions.parquet", columns=["code"]).column("code").to_pylist()
    present = set(Division.objects.exclude(level=Level.NATURAL_VILLAGE).values_list("code", flat=True))
    provinces = {code[:2] for code in present}
    return sorted(code for code in official if code not in present and (not provinces or code[:2] in provinces))


def overlaps() -> list[DivisionChange]:
    """The changes where the old code is still valid when the new one begins."""
    late = Q(predecessor__valid_to__gt=F("successor__valid_from"))
    endless = Q(predecessor__valid_to__isnull=True) | Q(successor__valid_from__isnull=True)
    return list(DivisionChange.objects.filter(late | endless).select_related("predecessor", "successor"))


def below_ended() -> list[Division]:
    """The divisions that are valid below one that is not, the first hundred."""
    below = Division.objects.filter(valid_to__isnull=True, parent__valid_to__isnull=False)
    return list(below.select_related("parent").order_by("code")[:100])
