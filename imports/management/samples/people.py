"""Invents households: real given names, surnames that nobody bears, IDs that nobody was given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ppaos.lib.citizen_id import generate

MALE_NAMES = (
    "สมชาย", "สมศักดิ์", "วิชัย", "ประเสริฐ", "บุญมี", "สุรชัย", "อนุชา", "ธนากร", "กิตติ", "ณัฐพล",
    "ชัยวัฒน์", "ปิยะ", "มานพ", "สุพจน์", "ทองคำ", "อำนาจ", "คำปัน", "แสวง", "แก้ว", "ไพโรจน์",
    "เอกชัย", "วีระ", "ศักดิ์ชัย", "ภานุพงศ์", "จักรพงษ์", "ธีรพงษ์", "นพดล", "พงษ์ศักดิ์", "รุ่งโรจน์", "อดิศักดิ์",
)  # fmt: skip
FEMALE_NAMES = (
    "สมหญิง", "สมศรี", "วันเพ็ญ", "มาลี", "บุญเรือน", "สุภาพร", "อรทัย", "ณัฐธิดา", "กัญญา", "ปราณี",
    "รัตนา", "ศิริพร", "จันทร์เพ็ญ", "ทองใบ", "อำพร", "คำแพง", "แสงดาว", "แก้วตา", "ไพลิน", "เพ็ญศรี",
    "วิไล", "ดวงใจ", "ลำดวน", "นงลักษณ์", "พรทิพย์", "รุ่งนภา", "สายฝน", "อารีย์", "ยุพิน", "ชุติมา",
)  # fmt: skip
_SURNAME_STARTS = (
    "ทดสอบ", "ตัวอย่าง", "สมมุติ", "จำลอง", "สาธิต", "นามแฝง", "ลองใช้", "ฝึกหัด", "แบบร่าง", "นิรนาม",
)  # fmt: skip
_SURNAME_ENDS = (
    "ดี", "งาม", "สุข", "มั่นคง", "เจริญ", "รุ่งเรือง", "วงศ์", "ทรัพย์", "พงษ์", "กุล", "ธรรม", "ชัย",
    "สวัสดิ์", "ไพศาล", "แสง", "คำ", "ศรี", "พร", "ใจ", "นา",
)  # fmt: skip
_VILLAGE_STARTS = ("โนน", "หนอง", "ดอน", "โคก", "บึง", "ห้วย", "นา", "คลอง")
_VILLAGE_ENDS = ("ทดสอบ", "ตัวอย่าง", "สมมุติ", "จำลอง", "สาธิต", "ฝึกหัด")

# Members of a household: about four, as in lists of poor households.
_SIZES = (1, 2, 3, 4, 5, 6, 7)
_SIZE_WEIGHTS = (12, 15, 18, 22, 17, 10, 6)
# Share of households or people with a problem; income is the most common one on such lists.
_HOUSEHOLD_PROBLEMS = {"dim_income": 0.55, "dim_living": 0.18}
_PERSON_PROBLEMS = {"dim_education": 0.30, "dim_health": 0.14, "dim_accessibility": 0.05}
DIMENSIONS = ("dim_health", "dim_living", "dim_education", "dim_income", "dim_accessibility")

_SEQUENCES = 10_000_000
_ADULT = 15
_REGISTERED_AT_BIRTH_SINCE = date(1984, 1, 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A subdistrict with the names above it, without their prefixes."""

    code: str
    name: str
    district: str
    province: str


@dataclass(slots=True)
class Person:
    """One line of a list, as it truly is. `indicators` has one of 1, 0, - per indicator."""

    index: int
    household: int
    place: Place
    house_code: str
    house_no: str
    moo: int
    village: str
    citizen_id: str
    title: str
    first_name: str
    last_name: str
    birth_date: date
    sex: str
    has_card: bool
    is_last_member: bool
    is_alone: bool
    problems: frozenset[str] = frozenset()
    indicators: str = ""
    year_be: int = 0

    @property
    def person(self) -> "Person":
        """A line of a person list is about the person."""
        return self


@dataclass
class _Village:
    """Its subdistrict and its invented name."""

    place: Place
    moo: int
    name: str


@dataclass
class Population:
    """Deals out people. The same seed, places and number give the same people in every year."""

    seed: int
    places: Sequence[Place]
    year_be: int
    indicators: int
    people: list[Person] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = dice("people", self.seed)
        self._year_random = dice("year", self.seed, self.year_be)
        # Other seeds start elsewhere, so that two samples seldom share a person.
        self._first_sequence = self.seed * 611_953 % _SEQUENCES
        self._first_house = self.seed * 371_999 % _SEQUENCES
        self._villages = [village for place in self.places for village in _villages_of(place)]

    def add_households(self, count: int) -> None:
        if count * _SIZES[-1] > _SEQUENCES:
            raise ValueError(
                f"more people than IDs: at most {_SEQUENCES // _SIZES[-1]:,} households"
            )
        for number in range(count):
            self._add_household(number)

    def _add_household(self, number: int) -> None:
        random = self._random
        village = random.choice(self._villages)
        surname = random.choice(_SURNAME_STARTS) + random.choice(_SURNAME_ENDS)
        house_code = f"{village.place.code[:4]}{(self._first_house + number) % _SEQUENCES:07d}"
        house_no = str(random.randint(1, 299))
        if random.random() < 0.35:
            house_no += f"/{random.randint(1, 12)}"
        size = random.choices(_SIZES, _SIZE_WEIGHTS)[0]
        household_problems, person_problems = self._problems(size)
        used: set[str] = set()
        for seat, (sex, age) in enumerate(_seats(random, size)):
            first_name = _unused_name(random, sex, used)
            birth_date = _birth_date(random, age)
            self.people.append(
                Person(
                    index=len(self.people),
                    household=number,
                    place=village.place,
                    house_code=house_code,
                    house_no=house_no,
                    moo=village.moo,
                    village=village.name,
                    citizen_id=self._citizen_id(birth_date),
                    title=_title(sex, self.year_be - 543 - birth_date.year, seat),
                    first_name=first_name,
                    last_name=surname,
                    birth_date=birth_date,
                    sex=sex,
                    has_card=self._year_random.random() < (0.7 if age >= 18 else 0.02),
                    is_last_member=seat == size - 1,
                    is_alone=size == 1,
                    problems=household_problems | person_problems[seat],
                    indicators=self._indicators(),
                    year_be=self.year_be,
                )
            )

    def _problems(self, size: int) -> tuple[frozenset[str], list[frozenset[str]]]:
        """A household is on the list because of at least one problem."""
        random = self._year_random
        shared = frozenset(
            name for name, share in _HOUSEHOLD_PROBLEMS.items() if random.random() < share
        )
        own = [
            frozenset(name for name, share in _PERSON_PROBLEMS.items() if random.random() < share)
            for _ in range(size)
        ]
        if not shared and not any(own):
            shared = frozenset({"dim_income"})
        return shared, own

    def _indicators(self) -> str:
        random = self._year_random
        return "".join(random.choices("10-", (84, 6, 10), k=self.indicators))

    def _citizen_id(self, birth_date: date) -> str:
        sequence = (self._first_sequence + len(self.people)) % _SEQUENCES
        drawn = self._random.random()
        if birth_date >= _REGISTERED_AT_BIRTH_SINCE:
            return generate(sequence, first=2 if drawn < 0.05 else 1)
        return generate(sequence, first=5 if drawn < 0.08 else 3)


def dice(*names: str | int) -> Random:
    """Return a generator of its own for one purpose: the same names, the same numbers."""
    return Random("-".join(map(str, names)))  # noqa: S311


def _villages_of(place: Place) -> list[_Village]:
    """Invent the villages of a subdistrict: 6 to 12 of them, no two of one name."""
    random = dice("villages", place.code)
    names = [start + end for start in _VILLAGE_STARTS for end in _VILLAGE_ENDS]
    chosen = random.sample(names, random.randint(6, 12))
    return [_Village(place=place, moo=moo, name=name) for moo, name in enumerate(chosen, 1)]


def _seats(random: Random, size: int) -> list[tuple[str, int]]:
    """Return (sex, age) of each member: head, spouse, children, grandparents."""
    head_age = random.randint(32, 82)
    seats = [(random.choice(("ชาย", "หญิง")), head_age)]
    if size > 1:
        spouse = "หญิง" if seats[0][0] == "ชาย" else "ชาย"
        seats.append((spouse, max(20, head_age + random.randint(-8, 5))))
    for _ in range(size - 2):
        sex = random.choice(("ชาย", "หญิง"))
        is_elder = head_age < 55 and random.random() < 0.2
        child_age = random.randint(max(0, head_age - 45), max(1, head_age - 19))
        seats.append((sex, min(95, head_age + random.randint(20, 35)) if is_elder else child_age))
    return seats


def _unused_name(random: Random, sex: str, used: set[str]) -> str:
    names = MALE_NAMES if sex == "ชาย" else FEMALE_NAMES
    name = random.choice([name for name in names if name not in used])
    used.add(name)
    return name


def _birth_date(random: Random, age: int) -> date:
    """Ages are told on 1 January 2023, whatever the year of the list."""
    return date(2023, 1, 1) - timedelta(days=age * 365 + age // 4 + random.randint(0, 364))


def _title(sex: str, age: int, seat: int) -> str:
    if age < _ADULT:
        return "เด็กชาย" if sex == "ชาย" else "เด็กหญิง"
    if sex == "ชาย":
        return "นาย"
    return "นาง" if seat < 2 or age > 60 else "นางสาว"
