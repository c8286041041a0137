"""Which known area a line's codes and names mean, and which new areas it teaches.

Code and name together under a known parent propose a new area that a person confirms once
in the preview; a name alone that is unknown, or a code that no province has, is refused.
A village is its tambon's code and two digits of moo: an unknown one is learnt at once,
because a number is no name to confirm.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import SequenceMatcher
from itertools import pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from imports.verdicts import Finding
from ppaos.lib.thai_text import area_key

_LEVELS = {2: "PROVINCE", 4: "DISTRICT", 6: "SUBDISTRICT", 8: "VILLAGE"}
_COLUMNS = (
    (2, "province_code", "province_name"),
    (4, "amphoe_code", "amphoe_name"),
    (6, "tambon_code", "tambon_name"),
)
_TAMBON = 6
"""Digits of a tambon; a village has two more."""

_CACHE_SIZE = 50_000
PLACE_COLUMNS = (
    *("province_code", "amphoe_code", "tambon_code", "village_code"),
    *("province_name", "amphoe_name", "tambon_name", "village_name", "moo"),
)
Place = tuple[Any, ...]
"""What a line says in these columns."""
place_of: Callable[[Mapping[str, Any]], Place] = itemgetter(*PLACE_COLUMNS)

_ALIKE = 0.6
"""Share of equal letters from which a name beside its code is taken for a misspelling."""

# The capital's usual short names, which no list of areas has.
_BANGKOK = "10"
_BANGKOK_NAMES = ("กรุงเทพฯ", "กรุงเทพ", "กทม.")


class KnownArea(NamedTuple):
    """An area of the register. `level` is PROVINCE, DISTRICT, SUBDISTRICT or VILLAGE."""

    code: str
    level: str
    name: str
    aliases: tuple[str, ...] = ()


class LearntArea(NamedTuple):
    """An area that a line proposes. Its parent is the code without the last two digits."""

    code: str
    level: str
    name: str
    needs_confirmation: bool

    @property
    def parent(self) -> str:
        return self.code[:-2]


class AreaDecision(NamedTuple):
    """`code` is the most precise area, None if it is refused; `new_areas` parents first."""

    code: str | None
    findings: tuple[Finding, ...] = ()
    new_areas: tuple[LearntArea, ...] = ()


class _Refused(Exception):
    def __init__(self, code: str, column: str, detail: str = "") -> None:
        super().__init__(code)
        self.finding = Finding(code, column, "", detail)


class AreaResolver:
    """Decides each distinct combination of codes and names once.

    `scopes` are the area codes within which the uploader may import; None means all,
    an empty collection means none. `former` says which code stands for an old one today.
    """

    def __init__(
        self,
        areas: Iterable[KnownArea],
        *,
        scopes: Collection[str] | None = None,
        former: Mapping[str, str] | None = None,
    ) -> None:
        self._former = former or {}
        self._scopes = None if scopes is None else tuple(scopes)
        self._areas: dict[str, KnownArea] = {}
        self._keys: dict[str, frozenset[str]] = {}
        self._by_name: dict[tuple[int, str], list[str]] = {}
        self._decided: dict[tuple[Any, ...], AreaDecision] = {}
        for area in areas:
            self._add(area)

    def _add(self, area: KnownArea) -> None:
        names = [area.name, *area.aliases]
        if area.code == _BANGKOK:
            names.extend(_BANGKOK_NAMES)
        keys = {area_key(name, area.level) for name in names}
        province = self._areas.get(area.code[:2])
        if area.level == "DISTRICT" and province and area.name == f"เมือง{province.name}":
            keys.add("เมือง")
        self._areas[area.code] = area
        self._keys[area.code] = frozenset(keys)
        for key in keys:
            self._by_name.setdefault((len(area.code), key), []).append(area.code)

    def resolve(self, values: Mapping[str, Any]) -> AreaDecision:
        """Decide a record's area. Numbers and status words were refused cell by cell before."""
        asked = place_of(values)
        decision = self._decided.get(asked)
        if decision is None:
            if len(self._decided) >= _CACHE_SIZE:
                self._decided.clear()
            decision = self._decided[asked] = self._decide(self._as_today(values))
        return decision

    def _as_today(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write a place of former codes in today's; the names beside them are of then too."""
        code = values["village_code"] or values["tambon_code"]
        if code and not values["village_code"] and values["moo"]:
            village = f"{code}{values['moo']:02d}"
            code = village if village in self._former else code
        new = self._former.get(code) if code else None
        if new is None:
            return values
        today: dict[str, Any] = {
            column: new[:length] for length, column, _ in _COLUMNS if values[column]
        }
        if len(new) > _TAMBON:
            today |= {"village_code": new, "moo": int(new[6:])}
        names = {
            name: None
            for length, _, name in _COLUMNS
            if new[:length] != code[:length] and new[:length] in self._areas
        }
        return {**values, **today, **names}

    def resolve_any(self, values: Mapping[str, Any]) -> AreaDecision:
        """Decide the smallest area that a line of figures names: a district or a province too."""
        if values["tambon_name"] or values["tambon_code"] or values["village_code"]:
            return self.resolve(values)
        try:
            code = self._larger_area(values)
            self._check_scope(code, "amphoe_name" if len(code) > 2 else "province_name")
            findings, new_areas = self._compare_names(code, values)
        except _Refused as refusal:
            return AreaDecision(None, (refusal.finding,))
        return AreaDecision(code, tuple(findings), tuple(new_areas))

    def _larger_area(self, values: Mapping[str, Any]) -> str:
        """Return the district or province by code, else by name. Raises _Refused."""
        self._tambon_code(values)
        for length, code_column, name_column in reversed(_COLUMNS[:2]):
            code, name = values[code_column], values[name_column]
            if code:
                return str(code)
            if name:
                found = self._by_name.get((length, area_key(name, _LEVELS[length])), [])
                if length > 2:
                    inside = values["province_code"], values["province_name"]
                    found = [other for other in found if self._is_within(other[:2], *inside)]
                if len(found) > 1 and self._scopes:
                    found = [other for other in found if other.startswith(self._scopes)] or found
                if len(found) != 1:
                    raise _Refused("E_AREA_UNKNOWN", name_column)
                return found[0]
        raise _Refused("E_AREA_UNKNOWN", "amphoe_name", "ไม่มีชื่อและรหัสของพื้นที่")

    def _decide(self, values: Mapping[str, Any]) -> AreaDecision:
        try:
            tambon = self._tambon_code(values)
            if tambon:
                self._check_scope(tambon)
                findings, new_areas = self._compare_names(tambon, values)
            else:
                tambon = self._tambon_by_name(values)
                self._check_scope(tambon)
                findings, new_areas = [], []
            code, village = self._village(tambon, values)
        except _Refused as refusal:
            return AreaDecision(None, (refusal.finding,))
        if any(item.code == "H_AREA_CONFLICT" for item in findings):
            # Nothing is learnt from a code that may be the wrong one.
            known = tambon in self._areas
            return AreaDecision(
                code if known else tambon, tuple(findings), village if known else ()
            )
        return AreaDecision(code, tuple(findings), (*new_areas, *village))

    def _tambon_code(self, values: Mapping[str, Any]) -> str | None:
        """Return the tambon that the codes name. Raises _Refused if they contradict."""
        columns = ("village_code", "tambon_code", "amphoe_code", "province_code")
        given = [(column, str(values[column])) for column in columns if values[column]]
        for (_, longer), (column, shorter) in pairwise(given):
            if not longer.startswith(shorter):
                raise _Refused("E_AREA_UNKNOWN", column, "รหัสจังหวัด อำเภอ และตำบลไม่ต่อเนื่องกัน")
        if not given:
            return None
        column, code = given[0]
        if code[:2] not in self._areas:
            raise _Refused("E_AREA_UNKNOWN", column, f"ไม่มีจังหวัดรหัส {code[:2]}")
        return code[:6] if len(code) >= 6 else None

    def _check_scope(self, code: str, column: str = "tambon_name") -> None:
        if self._scopes is not None and not code.startswith(self._scopes):
            raise _Refused("E_AREA_SCOPE", column)

    def _compare_names(
        self, tambon: str, values: Mapping[str, Any]
    ) -> tuple[list[Finding], list[LearntArea]]:
        """Hold a line whose code and name mean two areas; propose what is new."""
        findings: list[Finding] = []
        new_areas: list[LearntArea] = []
        for length, _, name_column in _COLUMNS:
            code, name = tambon[:length], values[name_column]
            key = area_key(name, _LEVELS[length]) if name else ""
            if key and key in self._keys.get(code, ()):
                continue
            namesake = self._sibling(code, key) if key else None
            if namesake:
                detail = f"รหัส {code} แต่ชื่อ {name} คือรหัส {namesake}"
                findings.append(Finding("H_AREA_CONFLICT", name_column, name, detail))
            elif code in self._areas:
                if name:
                    detail = f"ทะเบียนว่า {self._areas[code].name}"
                    found = "W_AREA_NAME" if self._is_misspelt(code, key) else "H_AREA_CONFLICT"
                    findings.append(Finding(found, name_column, name, detail))
            elif not name:
                raise _Refused("E_AREA_UNKNOWN", name_column, f"ไม่มีรหัส {code} และไม่มีชื่อ")
            else:
                findings.append(Finding("H_AREA_NEW", name_column, name, f"{name} รหัส {code}"))
                new_areas.append(LearntArea(code, _LEVELS[length], name, True))
        return findings, new_areas

    def _is_misspelt(self, code: str, key: str) -> bool:
        """Say whether a name is nearly the area's own, and not just that of another area."""
        if (len(code), key) in self._by_name:
            return False
        return any(
            SequenceMatcher(None, key, own).ratio() >= _ALIKE for own in self._keys[code] if key
        )

    def _sibling(self, code: str, key: str) -> str | None:
        """Return another area under the same parent that bears the name."""
        for other in self._by_name.get((len(code), key), ()):
            if other != code and other[:-2] == code[:-2]:
                return other
        return None

    def _tambon_by_name(self, values: Mapping[str, Any]) -> str:
        name = values["tambon_name"]
        if not name:
            raise _Refused("E_AREA_UNKNOWN", "tambon_name", "ไม่มีชื่อและรหัสตำบล")
        found = self._by_name.get((6, area_key(name, "SUBDISTRICT")), [])
        for length, code_column, name_column in _COLUMNS[:2]:
            found = [
                code
                for code in found
                if self._is_within(code[:length], values[code_column], values[name_column])
            ]
        if len(found) > 1 and self._scopes:
            found = [code for code in found if code.startswith(self._scopes)] or found
        if len(found) != 1:
            detail = "มีตำบลชื่อนี้หลายแห่ง ระบุอำเภอและจังหวัด" if found else "ไม่มีตำบลชื่อนี้ในอำเภอที่ระบุ"
            raise _Refused("E_AREA_UNKNOWN", "tambon_name", detail)
        return found[0]

    def _is_within(self, parent: str, code: str | None, name: str | None) -> bool:
        if code:
            return code == parent
        return not name or area_key(name, _LEVELS[len(parent)]) in self._keys.get(parent, ())

    def _village(
        self, tambon: str, values: Mapping[str, Any]
    ) -> tuple[str, tuple[LearntArea, ...]]:
        moo, village_code = values["moo"], values["village_code"]
        if village_code:
            written = int(village_code[6:])
            if moo is not None and moo != written:
                raise _Refused("E_AREA_UNKNOWN", "moo", f"รหัสหมู่บ้านเป็นหมู่ที่ {written}")
            moo = written
        if not moo:
            return tambon, ()
        code = f"{tambon}{moo:02d}"
        if code in self._areas:
            return code, ()
        name = values["village_name"] or f"หมู่ที่ {moo}"
        return code, (LearntArea(code, "VILLAGE", name, False),)
