"""A revision is history: the database itself refuses to rewrite one."""

from django.db import migrations

APPLY = """
CREATE FUNCTION slf_revision_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'slf_assessmentrevision is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER slf_revision_no_change BEFORE UPDATE ON slf_assessmentrevision
    FOR EACH ROW EXECUTE FUNCTION slf_revision_never_changes();
"""

REVERT = """
DROP TRIGGER slf_revision_no_change ON slf_assessmentrevision;
DROP FUNCTION slf_revision_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("slf", "0001_initial")]

    operations = [migrations.RunSQL(APPLY, REVERT)]
