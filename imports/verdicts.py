"""What can be said about a line of a list, and the verdict that follows from it.

A pure module. The prefix of a code is its severity: E_ rejects the line, H_ holds it for
a person to decide, S_ says it is no person's line, W_ and F_ let it through with a word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from imports.workflow import Severity, Verdict

_SEVERITIES = {
    "E": Severity.ERROR,
    "H": Severity.HOLD,
    "S": Severity.SKIP,
    "W": Severity.WARNING,
    "F": Severity.FIX,
}
# Worst first.
_VERDICTS = {
    Severity.ERROR: Verdict.REJECTED,
    Severity.HOLD: Verdict.HELD,
    Severity.SKIP: Verdict.SKIPPED,
    Severity.WARNING: Verdict.ACCEPTED,
    Severity.FIX: Verdict.ACCEPTED,
}
_RANK = {prefix: rank for rank, prefix in enumerate(_SEVERITIES)}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about one cell, or about the whole line if `column` is empty.

    `column` is a canonical column. `raw_text` is the cell as it was read: it may hold a
    citizen ID, so it is masked before it is shown. `detail` completes the reason in Thai
    and never holds a person's data.
    """

    code: str
    column: str = ""
    raw_text: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A code's reason and what the user can do about it, in Thai."""

    code: str
    reason: str
    cure: str

    @property
    def severity(self) -> Severity:
        return severity_of(self.code)


def severity_of(code: str) -> Severity:
    """Return the severity that the prefix stands for. Raises KeyError for another prefix."""
    return _SEVERITIES[code[0]]


def verdict_of_codes(codes: Iterable[str]) -> Verdict:
    """Return the verdict of the worst code; without any the line is accepted."""
    worst = min((_RANK[code[0]] for code in codes), default=None)
    if worst is None:
        return Verdict.ACCEPTED
    return list(_VERDICTS.values())[worst]


def verdict(findings: Iterable[Finding]) -> Verdict:
    """Return the verdict of the worst finding; without any the line is accepted."""
    if findings == ():
        return Verdict.ACCEPTED
    return verdict_of_codes(finding.code for finding in findings)


def is_warned(findings: Iterable[Finding]) -> bool:
    """Say whether an accepted line carries a warning that the uploader should read."""
    return any(finding.code.startswith("W_") for finding in findings)


def explain(finding: Finding, *, header: str = "") -> str:
    """Return the sentence for the user: the column as the file calls it, the reason, the cure.

    The line's number stands beside it wherever it is shown. No cell's text is repeated,
    since it may be a citizen ID.
    """
    rule = CATALOGUE[finding.code]
    place = f"คอลัมน์ “{header}”: " if header else ""
    detail = f" ({finding.detail})" if finding.detail else ""
    return f"{place}{rule.reason}{detail} — {rule.cure}"


_RULES = (
    # Rejected: this line cannot be right as it stands.
    Rule(
        "E_NO_KEY", "ไม่มีข้อมูลที่บอกได้ว่าเป็นใครหรือบ้านใด", "เติมเลขประจำตัวประชาชนหรือชื่อ และรหัสบ้านหรือบ้านเลขที่"
    ),
    Rule(
        "E_NO_HELP", "ไม่มีข้อมูลว่าช่วยเหลืออะไรหรือหน่วยงานใดช่วย", "เติมกิจกรรม หน่วยงาน หรือประเภทความช่วยเหลือ"
    ),
    Rule("E_NO_NAME", "ไม่มีชื่อบุคคล", "เติมชื่อและนามสกุล"),
    Rule("E_CID_LEN", "เลขประจำตัวประชาชนไม่ใช่ตัวเลข 13 หลัก", "แก้ให้ครบ 13 หลัก หรือเว้นว่างหากไม่มีเลข"),
    Rule(
        "E_CID_CHECK",
        "เลขประจำตัวประชาชนผิด หลักสุดท้ายไม่ตรงกับ 12 หลักแรก",
        "ตรวจเลขกับบัตรหรือทะเบียนบ้านแล้วแก้ไข",
    ),
    Rule(
        "E_CID_RESERVED",
        "เลขประจำตัวประชาชนขึ้นต้นด้วย 9 ไม่ใช่เลขของบุคคลทั่วไป",
        "ตรวจเลขกับบัตรหรือทะเบียนบ้านแล้วแก้ไข",
    ),
    Rule(
        "E_ID_SCI",
        "เลขถูกโปรแกรมตารางย่อเป็นเลขยกกำลัง หลักท้าย ๆ หายไปแล้ว",
        "กลับไปที่ไฟล์ต้นฉบับ ตั้งคอลัมน์เป็นข้อความ (Text) แล้วบันทึกใหม่",
    ),
    Rule(
        "E_HC_LEN", "รหัสบ้านไม่ใช่ตัวเลข 11 หลัก", "แก้ให้ครบ 11 หลักตามทะเบียนบ้าน หรือเว้นว่างหากไม่มีทะเบียนบ้าน"
    ),
    Rule(
        "E_AREA_UNKNOWN",
        "ไม่พบพื้นที่นี้ในทะเบียนพื้นที่",
        "แก้ชื่อหรือรหัสตำบล อำเภอ จังหวัดให้ตรงกับทะเบียนของกรมการปกครอง",
    ),
    Rule(
        "E_AREA_SHIFT",
        "ข้อมูลเลื่อนช่อง ช่องพื้นที่มีตัวเลขหรือคำอื่นที่ไม่ใช่ชื่อพื้นที่",
        "ตรวจแถวนี้ในไฟล์ต้นฉบับแล้วเลื่อนข้อมูลกลับให้ตรงหัวคอลัมน์",
    ),
    Rule("E_AREA_SCOPE", "อยู่นอกพื้นที่ที่ท่านรับผิดชอบ", "ให้ผู้รับผิดชอบพื้นที่นั้นเป็นผู้นำเข้า"),
    Rule("E_YEAR", "ปีเป็นไปไม่ได้", "แก้ปีเป็น พ.ศ. สี่หลักที่ถูกต้อง"),
    Rule(
        "E_DATE",
        "วันที่ไม่มีในปฏิทินหรืออ่านไม่ออก",
        "เขียนเป็น วัน/เดือน/ปี พ.ศ. เช่น 25/4/2503 หรือเว้นว่างหากไม่ทราบ",
    ),
    Rule("E_AMOUNT", "จำนวนเงินอ่านไม่ออก", "เขียนเป็นตัวเลขจำนวนเดียว เช่น 12500 หรือเว้นว่างหากไม่ทราบ"),
    Rule("E_COUNT", "จำนวนนับอ่านไม่ออก", "เขียนเป็นจำนวนเต็มตั้งแต่ 0 หรือเว้นว่างหากไม่มีข้อมูล"),
    Rule("E_CAP_RANGE", "คะแนนทุนอยู่นอกช่วง 1.00–4.00", "แก้คะแนน หรือเว้นว่างหากยังไม่ได้ประเมิน"),
    Rule("E_CELL_ERROR", "เซลล์แสดงข้อผิดพลาดของสูตร เช่น #N/A", "แก้สูตรหรือพิมพ์ค่าแทน แล้วบันทึกใหม่"),
    Rule(
        "E_CELL_FORMULA",
        "เซลล์เป็นสูตรที่ยังไม่เคยคำนวณ จึงไม่มีค่า",
        "เปิดไฟล์ด้วยโปรแกรมตารางแล้วบันทึกใหม่ หรือวางเป็นค่า",
    ),
    Rule(
        "E_CELL_MERGED",
        "เซลล์ถูกผสาน (merge) กับเซลล์อื่น จึงไม่มีค่าของแถวนี้",
        "ยกเลิกการผสานเซลล์แล้วเติมค่าให้ครบทุกแถว",
    ),
    Rule("E_TEXT_LONG", "ข้อความยาวเกินกำหนด", "ตัดข้อความให้สั้นลง หรือตรวจว่าข้อมูลไม่ได้รวมหลายช่องไว้ช่องเดียว"),
    Rule("E_TEXT_DIRECTION", "มีอักขระซ่อนที่กลับทิศทางข้อความ", "พิมพ์ข้อความในช่องนี้ใหม่"),
    Rule("E_RAGGED", "จำนวนช่องของแถวนี้ไม่เท่ากับแถวอื่น", "ตรวจเครื่องหมายคั่นและเครื่องหมายคำพูดของแถวนี้"),
    Rule("E_TEXT_LOST", "ตัวอักษรในช่องนี้เสียหาย (�) หรือเพี้ยนจากการแปลงรหัส", "ขอค่าจากไฟล์ต้นฉบับ แล้วพิมพ์ใหม่"),
    # Held: it may be right; a person must look.
    Rule("H_NO_HOUSE", "ไม่มีรหัสบ้าน", "ยืนยันว่าไม่มีทะเบียนบ้านเพื่อออกรหัสชั่วคราว หรือเติมรหัสบ้าน 11 หลัก"),
    Rule("H_HOUSENO_DATE", "บ้านเลขที่ถูกโปรแกรมตารางเปลี่ยนเป็นวันที่", "ตรวจบ้านเลขที่ที่เสนอให้ แล้วยืนยันหรือแก้ไข"),
    Rule("H_YEAR", "ปีไม่แน่ชัด", "ยืนยันปีที่ถูกต้องเป็น พ.ศ. สี่หลัก"),
    Rule(
        "H_DUP_IN_FILE",
        "รายการนี้มีอยู่แล้วในไฟล์ แต่ข้อมูลไม่ตรงกัน",
        "เลือกแถวที่ถูกต้อง แล้วไม่รับอีกแถวหนึ่ง",
    ),
    Rule(
        "H_HOUSE_DIFFERS",
        "รหัสบ้านเดียวกันแต่ที่อยู่ไม่ตรงกับแถวก่อนหน้า",
        "ตรวจว่าเป็นบ้านหลังเดียวกันหรือไม่ แล้วแก้รหัสบ้านหรือที่อยู่",
    ),
    Rule(
        "H_POSSIBLE_DUP",
        "อาจเป็นคนหรือบ้านที่มีอยู่แล้วในทะเบียน",
        "เปรียบเทียบกับรายการในทะเบียน แล้วเลือกว่าเป็นรายเดียวกันหรือรายใหม่",
    ),
    Rule(
        "H_AREA_NEW",
        "เป็นพื้นที่ใหม่ที่ยังไม่มีในทะเบียนพื้นที่",
        "ยืนยันพื้นที่ใหม่หนึ่งครั้งในหน้าตรวจสอบ แล้วทุกแถวของพื้นที่นั้นจะผ่าน",
    ),
    Rule("H_AREA_CONFLICT", "รหัสกับชื่อของพื้นที่ขัดกัน", "เลือกว่ารหัสหรือชื่อที่ถูกต้อง แล้วแก้อีกช่อง"),
    Rule(
        "H_HOUSE_UNKNOWN",
        "ไม่พบครัวเรือนของแถวนี้ในทะเบียน และแถวนี้ไม่บอกว่าอยู่พื้นที่ใด",
        "แก้รหัสบ้านหรือเลขประจำตัวประชาชนให้ตรงกับทะเบียน หรือนำเข้าบัญชีที่มีครัวเรือนนี้ก่อน",
    ),
    Rule("H_NAME", "ช่องชื่อมีแต่คำนำหน้า ตัวเลข หรือสัญลักษณ์", "ตรวจว่าข้อมูลไม่เลื่อนช่อง แล้วพิมพ์ชื่อ"),
    Rule(
        "H_HOUSE_OTHER",
        "เลขประจำตัวประชาชนนี้ในทะเบียนอยู่ครัวเรือนอื่น ไม่ใช่รหัสบ้านที่ระบุ",
        "ยืนยันว่าช่วยเหลือครัวเรือนที่คนนี้อยู่ หรือแก้รหัสบ้านหรือเลขประจำตัวประชาชน",
    ),
    Rule(
        "H_HOUSE_SEVERAL",
        "รหัสบ้านนี้มีหลายครัวเรือน",
        "เติมเลขประจำตัวประชาชนของผู้รับความช่วยเหลือ",
    ),
    Rule(
        "H_AGENCY_UNKNOWN",
        "ไม่พบหน่วยงานชื่อนี้ที่รับผิดชอบพื้นที่ของครัวเรือน",
        "แก้ชื่อหน่วยงานให้ตรงกับรายชื่อหน่วยงานในระบบ หรือเติมเลขที่ใบส่งต่อ",
    ),
    Rule(
        "H_NO_REFERRAL",
        "ไม่มีเรื่องส่งต่อของครัวเรือนนี้ถึงหน่วยงานนี้ในมิตินี้ที่รับดำเนินการอยู่",
        "ตรวจมิติ หน่วยงาน หรือเลขที่ใบส่งต่อ หรือยืนยันว่าเป็นความช่วยเหลือที่ไม่ได้ผ่านการส่งต่อ",
    ),
    Rule(
        "H_REFERRAL_SEVERAL",
        "มีเรื่องส่งต่อที่ตรงกับแถวนี้หลายเรื่อง",
        "เติมเลขที่ใบส่งต่อ หรือมิติของปัญหาที่ช่วย",
    ),
    Rule("H_DIMENSION", "ไม่บอกมิติของปัญหาที่ช่วย", "เติมมิติ หรือเลขที่ใบส่งต่อ"),
    Rule("H_HELP_DATE", "ไม่บอกวันที่ช่วยเหลือ หรือเป็นวันในอนาคต", "เติมวัน เดือน ปี พ.ศ. ที่ช่วยเหลือ"),
    Rule("H_NO_FIGURE", "แถวนี้ไม่มีตัวเลขเลย", "เติมตัวเลข หรือเลือกไม่รับแถวนี้"),
    Rule("H_UNREADABLE", "อ่านค่าในช่องนี้ไม่ออก", "แก้เป็นค่าที่ระบุไว้ในแบบฟอร์ม หรือเว้นว่าง"),
    # Skipped: no person's line.
    Rule("S_BLANK", "แถวว่าง", "ไม่ต้องทำอะไร"),
    Rule("S_TOTAL", "แถวยอดรวม", "ไม่ต้องทำอะไร"),
    Rule("S_HIDDEN", "แถวที่ซ่อนไว้ในไฟล์ ซึ่งเลือกไม่รับ", "หากต้องการรับ ให้อ่านไฟล์ใหม่และเลือกรับแถวที่ซ่อน"),
    Rule("S_HEADER", "หัวตารางที่ซ้ำกลางไฟล์", "ไม่ต้องทำอะไร"),
    Rule("S_REPEAT", "ซ้ำกับแถวก่อนหน้าทุกช่อง", "ไม่ต้องทำอะไร"),
    # Accepted with a warning.
    Rule("W_CID_MISSING", "ไม่มีเลขประจำตัวประชาชน", "รับเข้าได้ ควรตรวจเลขเมื่อลงพื้นที่"),
    Rule(
        "W_CID_NONTHAI",
        "เลขประจำตัวของผู้ไม่มีสัญชาติไทยหรือผู้ไม่มีสถานะทางทะเบียน",
        "รับเข้าได้ สิทธิสวัสดิการบางอย่างอาจต่างไป ควรตรวจก่อนส่งต่อ",
    ),
    Rule("W_CID_CHECK", "เลขประจำตัวประชาชนหลักสุดท้ายไม่ตรง แต่ผู้นำเข้าเลือกให้รับไว้", "ควรตรวจเลขเมื่อลงพื้นที่"),
    Rule("W_HC_PREFIX", "รหัสบ้านขึ้นต้นไม่ตรงกับจังหวัด", "ตรวจรหัสบ้านหรือจังหวัด อาจถูกต้องหากเคยย้ายสังกัด"),
    Rule("W_AREA_NAME", "ชื่อพื้นที่สะกดไม่ตรงกับทะเบียน ใช้ตามรหัส", "ตรวจชื่อพื้นที่"),
    Rule("W_AGE_BIRTH_MISMATCH", "อายุไม่ตรงกับวันเกิด", "ตรวจวันเกิดหรืออายุ ระบบใช้วันเกิด"),
    Rule("W_TITLE_SEX", "คำนำหน้าไม่ตรงกับเพศหรือกับชื่อ", "ตรวจคำนำหน้าและเพศ"),
    Rule(
        "W_NAME_SPLIT",
        "ตัด “นาง” หรือ “พระ” ออกจากหน้าชื่อเพราะช่องคำนำหน้าเขียนตรงกัน",
        "ตรวจว่าไม่ใช่ต้นชื่อ เช่น นางลักษณ์",
    ),
    Rule("W_NAME_CHARS", "ชื่อมีอักขระที่ไม่ใช่ตัวอักษรของชื่อ หรือมีอักษรสองภาษาปนกันในคำเดียว", "ตรวจการสะกดชื่อ"),
    Rule("W_OUTLIER", "ค่าสูงผิดปกติสำหรับบัญชีครัวเรือนยากจน", "ตรวจจำนวนหลักและหน่วย รับเข้าตามที่เขียนไว้"),
    Rule("W_LATLON_SWAPPED", "ละติจูดกับลองจิจูดสลับกัน ระบบสลับคืนให้แล้ว", "ตรวจหัวคอลัมน์พิกัดในไฟล์"),
    Rule("W_LATLON_OUTSIDE", "พิกัดไม่ครบหรืออยู่นอกประเทศไทย จึงไม่ใช้", "ตรวจพิกัด หรือเก็บพิกัดเมื่อลงพื้นที่"),
    Rule("W_BIRTH_UNKNOWN", "ระบุว่าไม่ทราบวันเกิด", "รับเข้าได้ ควรถามปีเกิดเมื่อลงพื้นที่"),
    Rule("W_VALUE", "อ่านค่าในช่องนี้ไม่ออก จึงเว้นว่างไว้", "ตรวจค่าในช่องนี้ หากสำคัญให้แก้แล้วนำเข้าใหม่"),
    Rule(
        "W_NO_DIMENSION",
        "ปัญหานี้ไม่บอกว่าอยู่มิติใด จึงไม่เปิดเป็นปัญหาของครัวเรือน",
        "เติมมิติของปัญหาแล้วนำเข้าใหม่ หรือบันทึกปัญหาในแฟ้มครัวเรือน",
    ),
    Rule(
        "W_REGISTER_KEPT",
        "ทะเบียนมีค่าที่เจ้าหน้าที่แก้ไขหรือสอบทานแล้ว หรือมาจากบัญชีปีที่ใหม่กว่า จึงคงค่าในทะเบียนไว้",
        "หากค่าในไฟล์ถูกต้องกว่า ให้แก้ในแฟ้มครัวเรือน",
    ),
    Rule(
        "W_OTHER_IMPORT",
        "การนำเข้าอื่นเขียนข้อมูลนี้ก่อน ในช่วงหลังจากตรวจไฟล์นี้ ผลจึงต่างจากที่แสดงไว้ก่อนนำเข้า",
        "ค่าที่ต่างกันใช้ค่าจากไฟล์นี้ และเก็บค่าเดิมไว้ หากไม่ต้องการ ให้ย้อนกลับการนำเข้านี้",
    ),
    # Accepted, after a repair that the uploader may want to check.
    Rule("F_CID_PADDED", "เติม 0 ที่หายไปหน้าเลขประจำตัวประชาชน", "ตรวจได้ หลักสุดท้ายตรงกันแล้ว"),
    Rule("F_HC_ZERO", "ตัด 0 ที่เกินมาหน้ารหัสบ้าน", "ตรวจได้"),
    Rule("F_PHONE_PADDED", "เติม 0 ที่หายไปหน้าหมายเลขโทรศัพท์", "ตรวจได้"),
    Rule("F_DIGITS", "เปลี่ยนเลขไทยเป็นเลขอารบิก", "ตรวจได้"),
    Rule("F_FORMAT", "ตัดเครื่องหมายคำพูด ลูกน้ำ หรือเครื่องหมายที่โปรแกรมตารางเติมไว้รอบค่า", "ตรวจได้"),
    Rule("F_ROUNDED", "ปัดเศษเป็นสองตำแหน่ง", "ตรวจได้"),
    Rule("F_MERGED", "เติมค่าจากเซลล์บนสุดของเซลล์ที่ผสาน ตามที่เลือกไว้", "ตรวจได้"),
    Rule("F_NAME_SPLIT", "แยกคำนำหน้า ชื่อ และนามสกุลออกจากกัน", "ตรวจได้"),
    Rule("F_TEXT_REPAIRED", "ซ่อมอักขระไทยหรือตัดอักขระซ่อน", "ตรวจได้"),
    Rule("F_DATE", "แปลงวันที่จากรูปแบบอื่นหรือจาก พ.ศ. ในช่องวันที่", "ตรวจได้"),
    Rule("F_YEAR", "เติมหรือแปลงปีเป็น พ.ศ. สี่หลัก", "ตรวจได้"),
)

CATALOGUE: Mapping[str, Rule] = {rule.code: rule for rule in _RULES}
