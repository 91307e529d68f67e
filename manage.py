#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_tracker.settings")
    from campaign_tracker.environment import WrongSetting, read_environment

    try:
        read_environment()
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except WrongSetting as fault:
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
