"""Leave room on the pages of staged lines.

Each line is written twice: when it is staged, and when it is marked as applied. With room on
its page the second version stands beside the first, and no index is written again. Without,
both versions took as many pages, and every index twice as many entries.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("imports", "0011_note_who_works_on_imported_households")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE imports_importrow SET (fillfactor = 50)",
            "ALTER TABLE imports_importrow RESET (fillfactor)",
        ),
    ]
