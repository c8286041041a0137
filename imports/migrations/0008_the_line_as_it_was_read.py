from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0007_fold_what_was_added"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="raw_hash",
            field=models.BinaryField(max_length=32, null=True),
        ),
    ]
