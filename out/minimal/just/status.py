"""What is there now: which machines answer, what runs on them, and whether the lab's addresses serve. Reads only."""

import ssl
import subprocess
import urllib.error
import urllib.request

import lab as common
from lab import ROOT, Fault


def run(arguments):
    name, instance = arguments
    lab = common.load()
    machines = common.machines(lab, name)
    faults = 0
    hosts = [machine["name"] for machine in machines if machine["converged"]]
    if hosts and instance == "":
        faults += ansible(hosts, "ansible.builtin.ping", "")
    running = [machine["name"] for machine in machines if machine["instances"]]
    if running:
        project = f"-p {instance} ps" if instance else "ls"
        faults += ansible(running, "ansible.builtin.command", f"docker compose {project}")
    for machine in machines:
        for one in machine["instances"]:
            if instance in ("", one["name"]):
                faults += sum(not serves(url) for url in one["urls"])
    return 1 if faults else 0


def ansible(hosts, module, arguments):
    command = ["ansible", ",".join(hosts), "-m", module, *(["-a", arguments, "--become"] if arguments else ["-o"])]
    try:
        return 1 if subprocess.run(command, cwd=ROOT / "ansible", check=False).returncode else 0
    except FileNotFoundError:
        raise Fault("ansible is not installed") from None


def serves(url):
    """Any answer below 500 is an answer: a login page is one too. Certificates of the lab's own authority are not judged."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="GET"), timeout=10, context=context) as answer:
            code = answer.status
    except urllib.error.HTTPError as error:
        code = error.code
    except (urllib.error.URLError, OSError, ValueError) as error:
        print(f"FAIL  {url}: {error}")
        return False
    print(f"{'ok   ' if code < 500 else 'FAIL '} {url}: {code}")
    return code < 500


if __name__ == "__main__":
    common.main(run)
