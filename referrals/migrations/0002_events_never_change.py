"""A move of a referral is history: the database itself refuses to rewrite one."""

from django.db import migrations

APPLY = """
CREATE FUNCTION referrals_event_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'referrals_referralevent is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER referrals_event_no_change BEFORE UPDATE ON referrals_referralevent
    FOR EACH ROW EXECUTE FUNCTION referrals_event_never_changes();
"""

REVERT = """
DROP TRIGGER referrals_event_no_change ON referrals_referralevent;
DROP FUNCTION referrals_event_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [migrations.RunSQL(APPLY, REVERT)]
