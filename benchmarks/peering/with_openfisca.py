"""OpenFisca-core: an entity model with vectorised formulas. It runs in an environment of its own, without Lika.

OpenFisca knows no unknown: amounts carry NaN, yes/no values and codes are numbers with -1 for unknown, and every
formula says what becomes of it.

    python with_openfisca.py FOLDER TARGET.npy
"""

import json
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from peering import names

PERIOD = "2016"
Person = build_entity(key="person", plural="persons", label="Person", is_person=True)
Household = build_entity(
    key="household", plural="households", label="Household", roles=[{"key": "member", "plural": "members"}]
)


def variable(name, entity, value_type, formula=None, default=0):
    """A variable of a year, with a formula or without."""
    body = {
        "value_type": value_type, "entity": entity, "definition_period": DateUnit.YEAR, "label": name,
        "default_value": default,
    }  # fmt: skip
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def judged(answer, unknown):
    """1, 0, and -1 where it is unknown."""
    return np.where(unknown, names.UNKNOWN, np.where(answer, names.MET, names.NOT_MET))


def both(*answers):
    """And, of three values."""
    fails, unknown = np.zeros_like(answers[0], bool), np.zeros_like(answers[0], bool)
    for answer in answers:
        fails |= answer == names.NOT_MET
        unknown |= answer == names.UNKNOWN
    return judged(~fails, unknown & ~fails)


def opposite(answer):
    """Not, of three values."""
    return np.where(answer == names.UNKNOWN, answer, 1 - answer)


def either(*answers):
    """Or, of three values."""
    return opposite(both(*map(opposite, answers)))


def over(amount, divisor, compare, line):
    """A quotient against a line; unknown where a part is, or where the divisor is 0."""
    unknown = np.isnan(amount) | np.isnan(divisor) | (divisor == 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return judged(compare(amount / divisor, line), unknown)


def total(home, period, columns):
    """A sum of amounts; NaN where one is."""
    return sum(home(name, period) for name in columns)


def every(home, answers):
    """Whether all members fit."""
    fails, unknown = home.any(answers == names.NOT_MET), home.any(answers == names.UNKNOWN)
    return judged(~fails, unknown & ~fails)


def income(home, period):
    net = home("gross_income", period) - home("expense_operating", period)
    return over(net, home("heads", period), np.greater, names.LINE)


def income_not_transfers(home, period):
    transfers = total(home, period, names.TRANSFERS)
    return over(transfers, home("gross_income", period), np.less_equal, names.TRANSFER_SHARE)


def no_large_debt(home, period):
    debt = total(home, period, ("debt_illness", "debt_schooling", "debt_housing"))
    return judged(debt < names.LARGE_DEBT, np.isnan(debt))


def water(home, period):
    return both(home("safe_water", period), opposite(home("water_difficult", period)))


def dropped_out(person, period):
    age = person("age", period)
    of_age = judged((age >= names.SCHOOL_FROM) & (age <= names.SCHOOL_TO), np.isnan(age))
    return both(of_age, person("out_of_school", period))


def insured(person, period):
    return either(person("medical_resident", period), person("medical_employee", period))


def provided(person, period):
    age = person("age", period)
    young = judged(age < names.OLD_AGE, np.isnan(age))
    return either(young, person("pension_resident", period), person("pension_employee", period))


def housing(home, period):
    wide = over(home("house_area", period), home("heads", period), np.greater_equal, names.AREA_PER_HEAD)
    return both(home("sound_grade", period), wide)


def labour_share(home, period):
    able = home.members("able", period)
    size = home.nb_persons()
    certain = home.sum(able == names.MET) / size
    possible = 1 - home.sum(able == names.NOT_MET) / size
    return judged(certain >= names.LABOUR_SHARE, (certain < names.LABOUR_SHARE) & (possible >= names.LABOUR_SHARE))


def leaves(home, period):
    asked = ("income", "no_large_debt", "water", "education", "medical", "housing")
    return both(*(home(name, period) for name in asked))


def system():
    """The entities and variables."""
    rules = TaxBenefitSystem([Person, Household])
    amounts = [*names.MONEY, "heads"]
    flags = [*names.HOUSEHOLD_FLAGS, "sound_grade"]
    variables = [
        *(variable(name, Household, float) for name in amounts),
        *(variable(name, Household, int) for name in flags),
        *(variable(name, Person, int) for name in (*names.PERSON_FLAGS, "out_of_school", "able")),
        variable("age", Person, float),
        variable("gross_income", Household, float, lambda home, period: total(home, period, names.MONEY[:10])),
        variable("dropped_out", Person, int, dropped_out),
        variable("insured", Person, int, insured),
        variable("provided", Person, int, provided),
        variable("income", Household, int, income),
        variable("income_not_transfers", Household, int, income_not_transfers),
        variable("no_large_debt", Household, int, no_large_debt),
        variable("water", Household, int, water),
        variable(
            "education", Household, int,
            lambda home, period: every(home, opposite(home.members("dropped_out", period))),
        ),
        variable("medical", Household, int, lambda home, period: every(home, home.members("insured", period))),
        variable("pension", Household, int, lambda home, period: every(home, home.members("provided", period))),
        variable("housing", Household, int, housing),
        variable("labour_share", Household, int, labour_share),
        variable("exit", Household, int, leaves),
    ]  # fmt: skip
    for each in variables:
        rules.add_variable(each)
    return rules


def numbers(column):
    """An amount or an age as a float, NaN where it is unknown."""
    return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)


def flag(column):
    """A yes/no value as 1, 0 and -1."""
    return pc.fill_null(pc.cast(column, pa.int8()), names.UNKNOWN).to_numpy(zero_copy_only=False).astype(np.int32)


def among(column, values):
    """Whether a code is among some."""
    found = pc.is_in(column, value_set=pa.array(values, column.type))
    return flag(pc.if_else(pc.is_null(column), pa.scalar(None, pa.bool_()), found))


def read(folder, columns):
    """A unit of the snapshot."""
    files = [str(path) for path in sorted(folder.glob("*.parquet"))]
    return ds.dataset(files).to_table(columns=list(columns)).combine_chunks()


def ids(table):
    """The households' ids as sixteen bytes each."""
    column = table["household_id"].combine_chunks()
    storage = column.storage if isinstance(column, pa.ExtensionArray) else column
    return np.frombuffer(storage.buffers()[1], dtype="S16", count=len(storage), offset=storage.offset * 16)


def screen(folder):
    """The verdicts of all households, in the order of the files."""
    homes, people = read(folder / "household", names.HOUSEHOLD), read(folder / "person", names.PERSON)
    home_ids, of_people = ids(homes), ids(people)
    order = np.argsort(home_ids)
    home_of = order[np.searchsorted(home_ids[order], of_people)]
    rules, builder = system(), SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("person", np.arange(len(people)))
    households = builder.declare_entity("household", np.arange(len(homes)))
    builder.join_with_persons(households, home_of, np.full(len(people), "member"))
    run = builder.build(rules)
    for name in names.MONEY:
        run.set_input(name, PERIOD, numbers(homes[name]))
    run.set_input("heads", PERIOD, numbers(homes["members"]))
    run.set_input("sound_grade", PERIOD, among(homes["housing_grade"], names.SOUND_GRADES))
    run.set_input("age", PERIOD, numbers(people["age"]))
    run.set_input("out_of_school", PERIOD, among(people["out_of_school"], ("yes",)))
    run.set_input("able", PERIOD, among(people["labour"], names.WORKING))
    for table, flags in ((homes, names.HOUSEHOLD_FLAGS), (people, names.PERSON_FLAGS)):
        for name in flags:
            run.set_input(name, PERIOD, flag(table[name]))
    return np.column_stack([run.calculate(name, PERIOD) for name in names.CRITERIA]).astype(np.int8)


if __name__ == "__main__":
    verdicts, told = names.measured(lambda: screen(Path(sys.argv[1])))
    np.save(sys.argv[2], verdicts)
    print(json.dumps(told))
