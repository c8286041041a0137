"""A move of a resolution is history: the database itself refuses to rewrite one."""

from django.db import migrations

APPLY = """
CREATE FUNCTION forums_event_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'forums_resolutionevent is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER forums_event_no_change BEFORE UPDATE ON forums_resolutionevent
    FOR EACH ROW EXECUTE FUNCTION forums_event_never_changes();
"""

REVERT = """
DROP TRIGGER forums_event_no_change ON forums_resolutionevent;
DROP FUNCTION forums_event_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("forums", "0001_initial")]

    operations = [migrations.RunSQL(APPLY, REVERT)]
