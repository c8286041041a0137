from django.db import migrations, models

STAGES = [
    ("listed", "รอสอบทาน"),
    ("verified_poor", "สอบทานแล้ว: จนจริง"),
    ("verified_not_poor", "สอบทานแล้ว: ไม่จน"),
    ("in_help", "อยู่ระหว่างช่วยเหลือ"),
    ("exit_proposed", "เสนอให้พ้นเป้าหมาย"),
    ("exited", "พ้นเป้าหมายแล้ว"),
]


class Migration(migrations.Migration):
    dependencies = [("households", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="member",
            name="no_id_reason",
            field=models.CharField(
                blank=True, db_default="", max_length=200, verbose_name="เหตุที่ไม่มีเลข"
            ),
        ),
        migrations.AddField(
            model_name="exit",
            name="stage_before",
            field=models.CharField(choices=STAGES, default="listed", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="exit",
            name="stage_date_before",
            field=models.DateField(default="2026-11-01"),
            preserve_default=False,
        ),
    ]
