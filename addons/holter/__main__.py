"""The command `holter`, and `python -m holter`."""

import gc


def main() -> None:
    """Run the command."""
    gc.disable()  # until a command is loaded: a search for cycles would find none in what stays
    from holter import cli

    cli.main()


if __name__ == "__main__":
    main()
