import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ppaos.orm.keys
import ppaos.orm.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("households", "0007_moves_merges_and_protection"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ConsentRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=ppaos.orm.keys.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                        verbose_name="รหัส",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("given", "ยินยอม"), ("refused", "ไม่ยินยอม")],
                        max_length=10,
                        verbose_name="คำตอบ",
                    ),
                ),
                ("answered_on", models.DateField(verbose_name="วันที่ให้คำตอบ")),
                ("informant", ppaos.orm.sealed.SealedTextField(verbose_name="ผู้ให้คำตอบ")),
                (
                    "legal_basis",
                    models.CharField(
                        choices=[
                            ("consent", "ความยินยอม (มาตรา 19)"),
                            ("public_task", "ภารกิจเพื่อประโยชน์สาธารณะ (มาตรา 24 (4))"),
                            ("law", "ปฏิบัติตามกฎหมาย (มาตรา 24 (6))"),
                            ("life", "ป้องกันอันตรายต่อชีวิตหรือสุขภาพ (มาตรา 24 (2))"),
                            ("research", "วิจัยหรือสถิติ (มาตรา 24 (1))"),
                        ],
                        max_length=12,
                        verbose_name="ฐานทางกฎหมาย",
                    ),
                ),
                (
                    "covers_sensitive",
                    models.BooleanField(verbose_name="รวมข้อมูลอ่อนไหว (สุขภาพ ความพิการ)"),
                ),
                ("notice_version", models.CharField(max_length=40, verbose_name="ฉบับของคำชี้แจง")),
                (
                    "note",
                    ppaos.orm.sealed.SealedTextField(blank=True, null=True, verbose_name="บันทึก"),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="บันทึกเมื่อ")),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="households.household",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "คำตอบเรื่องความยินยอม",
                "verbose_name_plural": "คำตอบเรื่องความยินยอม",
                "indexes": [
                    models.Index(fields=["household", "-recorded_at"], name="consent_household")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["given", "refused"])),
                        name="consent_record_is_an_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", "refused"), ("legal_basis", "consent"), _negated=True
                        ),
                        name="consent_refused_is_no_ground",
                        violation_error_message="ครัวเรือนไม่ยินยอม จึงใช้ความยินยอมเป็นฐานไม่ได้",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", "refused"), ("covers_sensitive", True), _negated=True
                        ),
                        name="consent_refused_covers_nothing_sensitive",
                    ),
                ],
            },
        ),
    ]
