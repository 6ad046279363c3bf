"""The command `holter`, and `python -m holter`."""

import gc


def main() -> None:
    """Run the command."""
    gc.disable()  # until a command is loaded: a search for cycles would find none in what stays
    try:
        from holter import cli

        cli.main()
    finally:
        gc.freeze()  # what is left goes with the process, without another search


if __name__ == "__main__":
    main()
