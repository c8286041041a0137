class UnableToRead(Exception):
    """The file cannot be taken in. The message names the cause and the cure for the user.

    `code` is for tests, logs and counts; it holds nothing of the file.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


RESAVE = "เปิดด้วยโปรแกรมตารางคำนวณ แล้วบันทึกใหม่เป็น .xlsx"


def damaged() -> UnableToRead:
    return UnableToRead("damaged", f"ไฟล์เสียหายหรือส่งมาไม่ครบ ลองส่งใหม่ หากยังไม่ได้ให้{RESAVE}")


def too_many_lines(limit: int) -> UnableToRead:
    return UnableToRead(
        "too_many_lines",
        f"ไฟล์มีมากกว่า {limit:,} แถว แบ่งเป็นหลายไฟล์ เช่น แยกตามอำเภอ แล้วนำเข้าทีละไฟล์",
    )


def too_many_columns(limit: int, line: int) -> UnableToRead:
    return UnableToRead(
        "too_many_columns",
        f"แถวที่ {line:,} มีข้อมูลเกินคอลัมน์ที่ {limit} ลบเซลล์ที่อยู่ไกลออกไป หรือคัดลอกเฉพาะตารางไปไว้ในไฟล์ใหม่",
    )


def cell_too_long(limit: int, line: int) -> UnableToRead:
    return UnableToRead(
        "cell_too_long",
        f"แถวที่ {line:,} มีเซลล์ที่ยาวเกิน {limit:,} อักขระ ตรวจเครื่องหมายคำพูดและตัดข้อความให้สั้นลง",
    )


def nul_character(line: int) -> UnableToRead:
    return UnableToRead(
        "nul_character",
        f"แถวที่ {line:,} มีอักขระว่าง (NUL) ซึ่งไม่ใช่ข้อความ ส่งออกไฟล์จากระบบต้นทางใหม่",
    )


def no_such_sheet() -> UnableToRead:
    return UnableToRead("no_such_sheet", "ไม่พบแผ่นงานที่เลือกในไฟล์นี้ เลือกแผ่นงานใหม่")


def nothing_inside() -> UnableToRead:
    return UnableToRead("empty", "ไฟล์ไม่มีข้อมูล ตรวจว่าเลือกไฟล์ถูกต้องและบันทึกแล้ว")
