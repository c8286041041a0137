import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ppaos.orm.keys
import ppaos.orm.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("households", "0009_search_key_of_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="verification",
            name="lat",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="ละติจูด"
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="lon",
            field=models.DecimalField(
                blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="ลองจิจูด"
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="accuracy_m",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="ความคลาดเคลื่อน (เมตร)"
            ),
        ),
        migrations.AddConstraint(
            model_name="verification",
            constraint=models.CheckConstraint(
                name="verification_position_in_thailand",
                condition=models.Q(
                    ("lat__isnull", True), ("lon__isnull", True), ("accuracy_m__isnull", True)
                )
                | models.Q(
                    ("lat__isnull", False),
                    ("lon__isnull", False),
                    ("lat__gte", 5.5),
                    ("lat__lte", 20.6),
                    ("lon__gte", 97.3),
                    ("lon__lte", 105.7),
                ),
                violation_error_message="พิกัดต้องอยู่ในประเทศไทย และมีทั้งละติจูดและลองจิจูด",
            ),
        ),
        migrations.CreateModel(
            name="VerificationPhoto",
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
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "verification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="photos",
                        to="households.verification",
                    ),
                ),
            ],
            options={"verbose_name": "รูปการสอบทาน", "verbose_name_plural": "รูปการสอบทาน"},
        ),
        migrations.CreateModel(
            name="RelapseCheck",
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
                ("due_on", models.DateField(verbose_name="ครบกำหนดเมื่อ")),
                ("checked_on", models.DateField(verbose_name="วันที่เยี่ยม")),
                ("fell_back", models.BooleanField(verbose_name="กลับมายากจนอีก")),
                (
                    "note",
                    ppaos.orm.sealed.SealedTextField(
                        blank=True, null=True, verbose_name="สิ่งที่พบ"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="บันทึกเมื่อ")),
                (
                    "exit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relapse_check",
                        to="households.exit",
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
                "verbose_name": "การติดตามหลังพ้นเป้าหมาย",
                "verbose_name_plural": "การติดตามหลังพ้นเป้าหมาย",
            },
        ),
    ]
