"""What every operation of the OpenAPI document has in common."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

ERROR = {
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "fields": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
    },
}
DESCRIPTIONS = {
    "400": "ข้อมูลไม่ถูกต้อง (invalid)",
    "401": "ยังไม่เข้าสู่ระบบ (not_authenticated)",
    "403": "ไม่มีสิทธิ (not_allowed)",
    "404": "ไม่พบ หรืออยู่นอกพื้นที่ (not_found)",
    "405": "ไม่รับคำสั่งแบบนี้ (method_not_allowed)",
    "406": "ตอบเป็น JSON เท่านั้น (not_acceptable)",
    "409": "สถานะไม่อนุญาต หรือมีผู้ทำไปก่อน (invalid_state, already_imported, taken, stale)",
    "413": "ไฟล์ใหญ่เกินกำหนด (too_large)",
    "415": "ชนิดข้อมูลไม่รองรับ (unsupported_media_type)",
    "429": "ถี่เกินไป (too_many_requests)",
    "503": "ยังไม่พร้อม (unavailable)",
}
READS = ("400", "401", "403", "404", "405", "406", "503")
WRITES = (*READS, "409", "413", "415", "429")


class ContractSchema(AutoSchema):
    """Adds the refusals of the contract, and the headers that writes take."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for status in READS if self.method == "GET" else WRITES:
            operation["responses"].setdefault(
                status,
                {
                    "description": DESCRIPTIONS[status],
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                    },
                },
            )
        if self.method == "POST":
            operation.setdefault("parameters", []).append(
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": False,
                    "description": "ส่งซ้ำด้วยกุญแจเดิมภายใน 24 ชั่วโมงได้คำตอบเดิม",
                    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
                }
            )
        return operation


def add_error_component(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: define the error that every operation refers to."""
    result["components"].setdefault("schemas", {})["Error"] = ERROR
    return result
