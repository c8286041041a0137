"""Django's rules for passwords, said in Thai: its own catalogue lacks these sentences."""

from django.contrib.auth import password_validation as rules


class NotLikeTheUser(rules.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านคล้ายชื่อหรือข้อมูลของท่านเกินไป เลือกถ้อยคำที่ผู้อื่นเดาไม่ได้"

    def get_help_text(self) -> str:
        return "ไม่คล้ายชื่อหรือข้อมูลของท่าน"


class LongEnough(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"รหัสผ่านสั้นเกินไป ต้องมีอย่างน้อย {self.min_length} ตัวอักษร"

    def get_help_text(self) -> str:
        return f"อย่างน้อย {self.min_length} ตัวอักษร"


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านนี้มีคนใช้กันมาก จึงเดาได้ง่าย เลือกถ้อยคำอื่น"

    def get_help_text(self) -> str:
        return "ไม่ใช่คำที่คนใช้กันมาก"


class NotOnlyDigits(rules.NumericPasswordValidator):
    def get_error_message(self) -> str:
        return "รหัสผ่านเป็นตัวเลขล้วน เพิ่มตัวอักษรด้วย"

    def get_help_text(self) -> str:
        return "ไม่ใช่ตัวเลขล้วน"
