from django.db import migrations

# The numbers of imports.apply.tables.
_FOLD = """
INSERT INTO imports_importadded
    (batch_id, chunk, household_key, tables, pks, digests, is_undone, conflict)
SELECT c.batch_id, c.chunk, c.household_key,
       array_agg(n.number ORDER BY n.number, c.pk_value),
       array_agg(c.pk_value::uuid ORDER BY n.number, c.pk_value),
       array_agg(c.digest ORDER BY n.number, c.pk_value),
       bool_and(c.is_undone), max(c.conflict)
FROM imports_importchange c
JOIN (VALUES ('households_household', 1::smallint), ('households_member', 2),
             ('households_sourcelisting', 3), ('problems_indicatorresult', 4),
             ('problems_problem', 5), ('problems_problemmember', 6)
     ) n (name, number) ON n.name = c."table"
WHERE c.kind = 'insert' AND c.household_key IS NOT NULL
GROUP BY c.batch_id, c.chunk, c.household_key
"""
_FORGET = """
DELETE FROM imports_importchange WHERE kind = 'insert' AND household_key IS NOT NULL
"""


class Migration(migrations.Migration):
    """Put the rows that earlier imports added to a household into one row for it."""

    dependencies = [("imports", "0006_what_was_added_by_household")]

    operations = [
        migrations.RunSQL(_FOLD, migrations.RunSQL.noop),
        migrations.RunSQL(_FORGET, migrations.RunSQL.noop),
    ]
