"""Runs a playbook of the lab, and tells its errors by the lines of the sources."""

import blame
import lab as common
from lab import ROOT, Fault


def run(arguments):
    try:
        code, _ = blame.run(["ansible-playbook", *arguments], cwd=ROOT / "ansible")
    except FileNotFoundError:
        raise Fault("ansible is not installed") from None
    return code


if __name__ == "__main__":
    common.main(run)
