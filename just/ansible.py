"""Runs a playbook of the lab, and tells its errors by the lines of the sources."""

import os
import sys

import blame
import lab as common
from lab import ROOT, Fault


def run(arguments):
    try:
        # Failed tasks are told on standard output, which keeps its colours where it has some.
        colours = {"ANSIBLE_FORCE_COLOR": "1"} if sys.stdout.isatty() and "NO_COLOR" not in os.environ else {}
        code, _ = blame.run(["ansible-playbook", *arguments], cwd=ROOT / "ansible", environment={**os.environ, **colours}, stdout="read")
    except FileNotFoundError:
        raise Fault("ansible is not installed") from None
    return code


if __name__ == "__main__":
    common.main(run)
