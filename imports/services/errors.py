class UnableToStage(Exception):
    """The file cannot become lines of this list. The message is for the user."""
