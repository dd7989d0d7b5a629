"""Pandas as an analyst writes it: nullable columns, vectorised, persons grouped by household. Amounts are floats."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds

from peering import names

_TYPES = {
    pa.float64(): pd.Float64Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.bool_(): pd.BooleanDtype(),
    pa.string(): pd.StringDtype(),
}


def screen(folder: Path) -> np.ndarray:
    """The verdicts of all households, in the order of the files."""
    homes, people = read(folder / "household", names.HOUSEHOLD), read(folder / "person", names.PERSON)
    found = pd.DataFrame(index=homes.index)
    gross = homes[list(names.MONEY[:10])].sum(axis=1, skipna=False)
    transfers = homes[list(names.TRANSFERS)].sum(axis=1, skipna=False)
    found["income"] = (gross - homes["expense_operating"]) / known(homes["members"]) > names.LINE
    found["income_not_transfers"] = transfers / known(gross) <= names.TRANSFER_SHARE
    found["no_large_debt"] = homes["debt_illness"] + homes["debt_schooling"] + homes["debt_housing"] < names.LARGE_DEBT
    found["water"] = homes["safe_water"] & ~homes["water_difficult"]

    dropped_out = people["age"].between(names.SCHOOL_FROM, names.SCHOOL_TO) & (people["out_of_school"] == "yes")
    insured = people["medical_resident"] | people["medical_employee"]
    provided = (people["age"] < names.OLD_AGE) | people["pension_resident"] | people["pension_employee"]
    able = people["labour"].isin(names.WORKING).astype("boolean").mask(people["labour"].isna())
    found["education"] = every(~dropped_out, people, homes)
    found["medical"] = every(insured, people, homes)
    found["pension"] = every(provided, people, homes)
    sound = homes["housing_grade"].isin(names.SOUND_GRADES).astype("boolean").mask(homes["housing_grade"].isna())
    found["housing"] = sound & (homes["house_area"] / known(homes["members"]) >= names.AREA_PER_HEAD)

    size = of_homes(able.isna().groupby(people["household_id"]).size(), homes)
    certain = of_homes(able.fillna(False).groupby(people["household_id"]).sum(), homes) / size
    possible = of_homes(able.fillna(True).groupby(people["household_id"]).sum(), homes) / size
    share = pd.Series(pd.NA, index=homes.index, dtype="boolean")
    share[certain >= names.LABOUR_SHARE] = True
    share[possible < names.LABOUR_SHARE] = False
    found["labour_share"] = share
    found["exit"] = (
        found["income"] & found["no_large_debt"] & found["water"] & found["education"] & found["medical"]
        & found["housing"]
    )  # fmt: skip
    return np.column_stack([as_numbers(found[name]) for name in names.CRITERIA])


def read(folder: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """A unit of the snapshot, decimals as floats, unknown as NA."""
    files = [str(path) for path in sorted(folder.glob("*.parquet"))]
    table = ds.dataset(files).to_table(columns=list(columns))
    fields = [
        field.with_type(pa.float64()) if pa.types.is_decimal(field.type) or field.type == pa.int64() else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields)).to_pandas(types_mapper=_TYPES.get)


def known(divisor: pd.Series) -> pd.Series:
    """A divisor, NA where it is 0."""
    return divisor.mask(divisor == 0)


def every(answers: pd.Series, people: pd.DataFrame, homes: pd.DataFrame) -> pd.Series:
    """Whether all members of each household fit; unknown where some may not and none surely does not."""
    by_home = people["household_id"]
    fails = of_homes((~answers).fillna(False).groupby(by_home).any(), homes).fillna(False).astype("boolean")
    unknown = of_homes(answers.isna().groupby(by_home).any(), homes).fillna(False).astype("boolean")
    return (~fails).mask(unknown & ~fails)


def of_homes(grouped: pd.Series, homes: pd.DataFrame) -> pd.Series:
    """What was grouped by household, in the order of the households."""
    return pd.Series(homes["household_id"].map(grouped))


def as_numbers(answers: pd.Series) -> np.ndarray:
    """Met 1, not met 0, unknown -1."""
    return answers.astype("boolean").astype("Int8").fillna(names.UNKNOWN).to_numpy(dtype=np.int8)
