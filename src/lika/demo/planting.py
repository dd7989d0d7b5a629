"""What the demonstration county holds of duplicates and evasion: a few of each, planted, and nothing else by chance.

Each is a small change to households that were drawn sound, so that the workbook still passes the door. A household
split in two is not among them: a workbook cannot say it, only the register's own changes can.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from lika.demo.households import House, yuan
from lika.demo.people import Member
from lika.demo.place import Place, last_year
from lika.demo.table import read
from lika.register.choices import HEAD

# Characters of one sound: 石伟 and 石玮 are told apart by no ear.
_OF_ONE_SOUND = dict(zip("军明芳平英伟红刚霞玲兰", "君鸣方萍瑛玮虹钢侠灵蓝", strict=True))
_GROWN, _ELDER, _GENERATION = 25, 60, 20
_OTHER_DOCUMENT, _OTHER_REASON = "09", "9"
# Sequences that `Numbers` reaches in no place: an odd one for men, an even one for women.
_UNUSED = {"1": "997", "2": "998"}
_POOR, _NOT_REGISTERED = "20", ("00", "90")
_SHARED_AMOUNT = yuan(600)
_ALIKE = Decimal("0.7")
_ENOUGH = 12


@dataclass(frozen=True)
class Planted:
    """A pattern (its id in the library) and the numbers of the households, or the code of the village, that show it."""

    pattern: str
    about: frozenset[str]


def distinct_doors(place: Place) -> None:
    """No two households of a village share a door, as drawn addresses now and then do."""
    taken: Counter[str] = Counter()
    for house in place.houses:
        address = house.base["address"]
        taken[address] += 1
        if taken[address] > 1:
            house.base["address"] = f"{address}之{taken[address]}"


def plant(place: Place) -> tuple[Planted, ...]:
    """Plant what the place has room for, and tell what. The village of the tour is left alone."""
    distinct_doors(place)
    return tuple(_Planter(place).all())


def _nameless(one: Member, other: Member) -> bool:
    """The other is the one once more, without a number."""
    other.name, other.birth = one.name, one.birth
    other.identity, other.no_id_reason = "", _OTHER_REASON
    return True


def _of_one_sound(one: Member, other: Member) -> bool:
    """As `_nameless`, the name written with another character."""
    written = _OF_ONE_SOUND.get(one.name[-1])
    if written is None:
        return False
    _nameless(one, other)
    other.name = one.name[:-1] + written
    return True


def _fifteen_digits(one: Member, other: Member) -> bool:
    """The other is the one once more, under an old number that was given out anew."""
    other.name, other.birth = one.name, one.birth
    other.identity = f"{one.identity[:6]}{one.birth:%y%m%d}{_UNUSED[one.sex]}"
    return True


def _same_document(one: Member, other: Member) -> bool:
    """The other is the one once more, the number of the card entered as another document."""
    other.name, other.birth = one.name, one.birth
    return _number_of_another(one, other)


def _number_of_another(one: Member, other: Member) -> bool:
    """The number of the one's card stands as another document of the other."""
    other.id_type, other.identity = _OTHER_DOCUMENT, one.identity
    return True


def _away(house: House, year: int) -> None:
    """Nobody lived there in the year."""
    for member in house.members:
        member.facts["resident_months"] = 0


def _without_traces(house: House, year: int) -> None:
    """No electricity, nobody insured."""
    house.years[year]["power_life"] = False
    for member in house.members:
        member.facts.update(medical_resident=False, medical_employee=False, major_illness_insurance=False)


class _Planter:
    """Each household is used for one thing at most."""

    def __init__(self, place: Place) -> None:
        self._last = last_year(place.table)
        left_alone = read("tour")["village"]
        # The last villages first: what is looked at one by one stands at the beginning.
        self._free = [house for house in reversed(place.houses) if house.village != left_alone]

    def all(self) -> Iterator[Planted]:
        """Plant one of each, and tell it."""
        yield from self._equal()
        for change in (_nameless, _of_one_sound, _fifteen_digits, _same_document):
            yield from self._twins("same_person", change, heads=False)
        yield from self._twins("same_number", _number_of_another, heads=False)
        yield from self._twins("same_household", _nameless, heads=True)
        yield from self._shared("bank_account")
        yield from self._shared("phone", "address")
        yield from self._elder()
        for vacate in (_away, _without_traces):
            yield from self._empty(vacate)

    def _twins(self, pattern: str, change: Callable[[Member, Member], bool], *, heads: bool) -> Iterator[Planted]:
        """Two of one sex and age in two households, both heads or neither; the second becomes a double of the first."""
        known: dict[tuple[str, int], list[tuple[House, Member]]] = {}
        for house in self._free:
            for member in house.members:
                if (member.relation == HEAD) != heads or member.age < _GROWN or not member.identity:
                    continue
                for first, one in known.setdefault((member.sex, member.age), []):
                    if first is not house and change(one, member):
                        yield self._used(pattern, first, house)
                        return
                known[member.sex, member.age].append((house, member))

    def _shared(self, *names: str) -> Iterator[Planted]:
        """Two households of two villages with something of one."""
        one = next(house for house in self._free if house.base["phone"])
        other = next(house for house in self._free if house.base["phone"] and house.village != one.village)
        for name in names:
            other.base[name] = one.base[name]
        yield self._used("same_household", one, other)

    def _elder(self) -> Iterator[Planted]:
        """Elders on their own behind the door of somebody who may be their child, as the surname has it."""
        for elder in self._free:
            if elder.status in _NOT_REGISTERED or any(member.age < _ELDER for member in elder.members):
                continue
            for younger in self._free:
                head, child = elder.members[0], younger.members[0]
                if younger.village == elder.village and child.age <= head.age - _GENERATION:
                    head.name = child.name[0] + head.name[1:]
                    elder.base["address"] = younger.base["address"]
                    yield self._used("separated_elder", elder, younger)
                    return

    def _empty(self, vacate: Callable[[House, int], None]) -> Iterator[Planted]:
        house = next(house for house in self._free if house.status == _POOR)
        vacate(house, self._last)
        yield self._used("empty", house)

    def _equal(self) -> Iterator[Planted]:
        """One amount for most of a village; net income stays, so that no verdict changes."""
        listed = [house for house in self._free if house.status not in _NOT_REGISTERED]
        village, households = Counter(house.village for house in listed).most_common(1)[0]
        here = [house for house in listed if house.village == village and self._operating(house) >= 0]
        wanted = int(households * _ALIKE)
        if households < _ENOUGH or len(here) < wanted:
            return
        for house in here[:wanted]:
            house.years[self._last].update(operating=self._operating(house), transfer_other=_SHARED_AMOUNT)
        yield Planted("equal_shares", frozenset({village}))

    def _operating(self, house: House) -> Decimal:
        """What is left of operating income where the other transfers come to the shared amount."""
        year = house.years[self._last]
        left: Decimal = year["operating"] + year["transfer_other"] - _SHARED_AMOUNT
        return left

    def _used(self, pattern: str, *houses: House) -> Planted:
        used = {house.number for house in houses}
        self._free = [house for house in self._free if house.number not in used]
        return Planted(pattern, frozenset(used))
