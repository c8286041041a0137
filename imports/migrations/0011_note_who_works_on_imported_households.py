"""The database itself notes which households that came by an import somebody worked on since.

Rows that an import adds or takes back in its turn (imports.apply.locking) are noted by itself.
"""

from django.db import migrations

_FUNCTION = """
CREATE FUNCTION imports_note_touch() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    homes uuid[];
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'households_household' THEN
        homes := ARRAY[OLD.id];
    WHEN 'problems_problemmember' THEN
        homes := ARRAY(
            SELECT household_id FROM problems_problem WHERE id IN (OLD.problem_id, NEW.problem_id)
        );
    WHEN 'problems_indicatorresult' THEN
        homes := ARRAY[OLD.household_id, NEW.household_id] || ARRAY(
            SELECT household_id FROM households_member WHERE id IN (OLD.member_id, NEW.member_id)
        );
    ELSE
        homes := ARRAY[OLD.household_id, NEW.household_id];
    END CASE;
    INSERT INTO imports_householdtouch (household_key)
    SELECT DISTINCT home FROM unnest(homes) home
    WHERE EXISTS (SELECT FROM imports_importadded WHERE household_key = home)
      AND NOT EXISTS (SELECT FROM imports_householdtouch WHERE household_key = home);
    RETURN NULL;
END
$$;
"""
_TABLES = (
    "households_household",
    "households_member",
    "households_sourcelisting",
    "problems_indicatorresult",
    "problems_problem",
    "problems_problemmember",
    "slf_listedcapitals",
)
# A household that is created comes by no import, and of one that is deleted nothing is left.
_WITH_OTHERS = _TABLES[1:]
_OUTSIDE = "current_setting('ppaos.importing', true) IS DISTINCT FROM 'on'"
APPLY = (
    _FUNCTION
    + "".join(
        f"CREATE TRIGGER imports_touched AFTER UPDATE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION imports_note_touch();\n"
        for table in _TABLES
    )
    + "".join(
        f"CREATE TRIGGER imports_joined AFTER INSERT OR DELETE ON {table}"
        f" FOR EACH ROW WHEN ({_OUTSIDE}) EXECUTE FUNCTION imports_note_touch();\n"
        for table in _WITH_OTHERS
    )
)
REVERT = (
    "".join(f"DROP TRIGGER imports_touched ON {table};\n" for table in _TABLES)
    + "".join(f"DROP TRIGGER imports_joined ON {table};\n" for table in _WITH_OTHERS)
    + "DROP FUNCTION imports_note_touch();\n"
)
# Imports that were there before stand on other proof: every row is looked at.
_NOTE_EARLIER = """
INSERT INTO imports_householdtouch (household_key)
SELECT DISTINCT household_key FROM imports_importadded
"""


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0010_lines_kept_once"),
        ("households", "0005_figures_of_areas_as_a_source"),
        ("problems", "0002_figures_of_areas_as_a_source"),
        ("slf", "0003_listed_capitals"),
    ]
    operations = [
        migrations.RunSQL(APPLY, REVERT),
        migrations.RunSQL(_NOTE_EARLIER, migrations.RunSQL.noop),
    ]
