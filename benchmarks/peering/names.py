"""What all ways share, whatever environment they run in: names of criteria and columns, and the values of the pack.

It imports nothing of ours: the OpenFisca way runs where Lika is not installed.
"""

import time

import psutil

CRITERIA = (
    "income", "income_not_transfers", "no_large_debt", "water", "education", "medical", "pension", "housing",
    "labour_share", "exit",
)  # fmt: skip
MONEY = (
    "wage", "operating", "property_dividend", "property_other", "transfer_family_planning", "transfer_dibao",
    "transfer_extreme", "transfer_pension", "transfer_eco", "transfer_other", "expense_operating",
    "debt_illness", "debt_schooling", "debt_housing", "house_area",
)  # fmt: skip
HOUSEHOLD_FLAGS = ("safe_water", "water_difficult")
PERSON_FLAGS = ("medical_resident", "medical_employee", "pension_resident", "pension_employee")
HOUSEHOLD = ("household_id", *MONEY, "members", "housing_grade", *HOUSEHOLD_FLAGS)
PERSON = ("household_id", "age", "out_of_school", "labour", *PERSON_FLAGS)
TRANSFERS = MONEY[4:10]

LINE, TRANSFER_SHARE, LARGE_DEBT, AREA_PER_HEAD, LABOUR_SHARE = 3000, 0.5, 50_000, 20, 0.5
SCHOOL_FROM, SCHOOL_TO, OLD_AGE = 6, 15, 60
SOUND_GRADES, WORKING = ("A", "B"), ("01", "02", "05")

#: How a verdict is kept: met, not met, unknown.
MET, NOT_MET, UNKNOWN = 1, 0, -1


def measured(call):
    """What a call gives, and its seconds: by the clock and of processor time, that of processes below this one too."""
    began, before = time.perf_counter(), _processor()
    found = call()
    return found, {"seconds": time.perf_counter() - began, "processor_seconds": _processor() - before}


def _processor() -> float:
    own = psutil.Process()
    times = [each.cpu_times() for each in (own, *own.children(recursive=True))]
    return sum(each.user + each.system for each in times)
