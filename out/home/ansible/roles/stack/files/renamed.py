"""Gives a Compose project and its states the names that they have now; prints LABC-CHANGED where something was renamed or would be."""

import json
import os
import shutil
import subprocess
import sys

STAMPS = os.environ.get("LABC_STAMPS", "/var/lib/labc/stamps")
FOLDERS = os.environ.get("LABC_FOLDERS", "/etc/labc")


def main():
    only_look = sys.argv[1] == "look"
    wanted = json.loads(sys.argv[2])
    moves = [move for state in wanted["states"] for move in judge(state)]
    projects = [name for name in [*wanted["was"], *([wanted["project"]] if moves else [])] if holds(name)]
    stamps = [(stamp, os.path.join(STAMPS, name)) for stamp in wanted["stamps"] for name in stamp["from"] if os.path.isfile(os.path.join(STAMPS, name))]
    folders = [path for name in wanted["was"] for kind in ("workloads", "secrets") if os.path.isdir(path := os.path.join(FOLDERS, kind, name))]
    if not (moves or projects or stamps or folders):
        return
    for name in projects:
        print(f"take the project {name} down")
    for source, target in moves:
        print(f"rename {source} to {target}")
    print("LABC-CHANGED")
    if only_look:
        return
    for name in projects:
        subprocess.run(["docker", "compose", "--project-name", name, "down", "--remove-orphans"], check=True, stdout=subprocess.DEVNULL)
    for source, target in moves:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if os.path.isdir(target):
            os.rmdir(target)
        # Notes first: if this is cut short, the next run finds the folder and brings both to an end.
        follow(source, target)
        os.rename(source, target)
        tidy(source)
    for stamp, source in stamps:
        target = os.path.join(STAMPS, stamp["to"])
        if stamp["once"] and not os.path.exists(target):
            # Its definition names folders that are called otherwise now: that it ran is what counts.
            with open(source, "w", encoding="utf-8") as file:
                file.write("renamed\n")
        if os.path.exists(target):
            os.remove(source)
        else:
            os.rename(source, target)
    for path in folders:
        shutil.rmtree(path)


def judge(state):
    """The rename of one state, after proof that nothing is in its way."""
    target = state["to"]
    found = [path for path in state["from"] if filled(path)]
    if not found:
        return
    if len(found) > 1:
        sys.exit(f"{' and '.join(found)} both hold data that would become {target}: look into them and leave one")
    source = found[0]
    if filled(target):
        sys.exit(f"{source} would become {target}, but both hold data: look into them and leave one")
    parent = os.path.dirname(target)
    while not os.path.isdir(parent):
        parent = os.path.dirname(parent)
    if os.path.ismount(source) or os.path.ismount(target) or os.stat(source).st_dev != os.stat(parent).st_dev:
        sys.exit(f"{source} and {target} are on different file systems, so a rename would be a copy: say `move` in the lab instead")
    yield source, target


def filled(path):
    if os.path.islink(path) or not os.path.isdir(path):
        return os.path.lexists(path)
    return len(os.listdir(path)) > 0


def follow(source, target):
    """What labc notes beside a state goes where the state goes."""
    (folder, name), (there, now) = os.path.split(source), os.path.split(target)
    for note, other in ((f".{name}.labc-state", f".{now}.labc-state"), (f".labc-arrived-{name}", f".labc-arrived-{now}")):
        if os.path.isfile(os.path.join(folder, note)):
            os.replace(os.path.join(folder, note), os.path.join(there, other))


def tidy(path):
    """The empty folders of a container and of its instance go with the last state in them."""
    for _ in range(2):
        path = os.path.dirname(path)
        try:
            os.rmdir(path)
        except OSError:
            return


def holds(project):
    """Whether anything of the project is there. A machine without an engine has nothing."""
    if shutil.which("docker") is None:
        return False
    label = f"label=com.docker.compose.project={project}"
    return any(
        subprocess.run(["docker", *kind, "--quiet", "--filter", label], check=True, stdout=subprocess.PIPE).stdout.strip()
        for kind in (["ps", "--all"], ["network", "ls"])
    )


main()
