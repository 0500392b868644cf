"""Entry point: `python3 -m dev COMMAND`, which is what the Makefile runs."""

import sys

from . import commands, ui


def main() -> int:
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    command = commands.COMMANDS.get(name)
    if not command:
        ui.say(f"Unknown command {name}")
        return commands.help_() or 2
    try:
        return command() or 0
    except ui.DevError as error:
        print(f"\n{ui.bold('Stopped.')} {error}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The next run goes on from here.", file=sys.stderr)
        return 130


sys.exit(main())
