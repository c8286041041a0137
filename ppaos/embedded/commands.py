"""Which of manage.py's commands is ours, and what the others need around them."""

from ppaos.embedded import testing


def run(argv: list[str]) -> None:
    match argv[1:]:
        case ["test", *arguments]:
            testing.run(arguments)
