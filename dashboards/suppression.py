"""Which numbers a reader without the files may not see. No Django, no database."""
