from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0008_the_line_as_it_was_read"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="known_from",
            field=models.UUIDField(null=True),
        ),
    ]
