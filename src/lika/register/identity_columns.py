"""Identity numbers of many people at once: which are plainly sound, and what those say.

Only a citizen number of 18 characters that `identity.check_identity` would give back as it stands is told sound here;
all others are for that function, which says what is wrong or repairs what can be.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_LENGTH = 18
_WEIGHTS = np.array([2 ** (_LENGTH - 1 - at) % 11 for at in range(_LENGTH - 1)])  # GB 11643
_CHECK_CHARACTERS = np.frombuffer(b"10X98765432", np.uint8)
_LONG_MONTHS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True)
class Cards:
    """By row: whether the number is plainly sound; birth date (`1970-01-31`) and sex (CL-SEX) only where it is."""

    sound: pa.Array
    birth_dates: pa.Array
    sexes: pa.Array


def read_cards(numbers: pa.Array, *, on: dt.date) -> Cards:
    """What the numbers of a column say; nobody is born after `on`."""
    shaped = pc.fill_null(pc.match_substring_regex(numbers, "^[0-9]{17}[0-9X]$"), False)
    candidates = numbers.filter(shaped).cast(pa.binary()).cast(pa.binary(_LENGTH))
    signs = np.frombuffer(b"".join(candidates.to_pylist()), np.uint8).reshape(-1, _LENGTH)
    digits = signs[:, :-1].astype(np.int64) - ord("0")
    fits = _CHECK_CHARACTERS[(digits @ _WEIGHTS) % 11] == signs[:, -1]
    sound = np.zeros(len(numbers), bool)
    sound[np.flatnonzero(shaped.to_numpy(zero_copy_only=False))] = fits & _possible(digits, on)
    told = pa.array(sound)
    kept = pc.if_else(told, numbers, pa.scalar(None, pa.string()))
    days = [pc.utf8_slice_codeunits(kept, start, stop) for start, stop in ((6, 10), (10, 12), (12, 14))]
    odd = pc.is_in(pc.utf8_slice_codeunits(kept, 16, 17), pa.array(list("13579")))
    sexes = pc.if_else(told, pc.if_else(odd, "1", "2"), pa.scalar(None, pa.string()))
    return Cards(told, pc.binary_join_element_wise(*days, "-"), sexes)


def _possible(digits: np.ndarray, on: dt.date) -> np.ndarray:
    """Whether the birth dates inside are days of the calendar until a day."""
    year = digits[:, 6:10] @ [1000, 100, 10, 1]
    month, day = digits[:, 10:12] @ [10, 1], digits[:, 12:14] @ [10, 1]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = _LONG_MONTHS[np.clip(month, 0, 12)] + ((month == 2) & leap)
    in_calendar = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= longest)
    return in_calendar & (year * 10_000 + month * 100 + day <= on.year * 10_000 + on.month * 100 + on.day)
