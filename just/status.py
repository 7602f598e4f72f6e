"""What is there now: which machines answer, what runs on them, and whether the lab's addresses serve. Reads only."""

import ssl
import subprocess
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

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
    if instance == "":
        faults += sum(not answers(machine) for machine in machines if not machine["converged"] and machine["module"] is not None)
    urls = list(dict.fromkeys(url for machine in machines for one in machine["instances"] if instance in ("", one["name"]) for url in one["urls"]))
    if instance == "":
        urls += [url for machine in machines for url in machine["urls"]]
    # Side by side: those that are down take ten seconds each.
    with ThreadPoolExecutor(max_workers=8) as pool:
        for good, text in pool.map(serves, urls):
            print(text)
            faults += not good
    return 1 if faults else 0


def ansible(hosts, module, arguments):
    command = ["ansible", ",".join(hosts), "-m", module, *(["-a", arguments, "--become"] if arguments else ["-o"])]
    try:
        return 1 if subprocess.run(command, cwd=ROOT / "ansible", check=False).returncode else 0
    except FileNotFoundError:
        raise Fault("ansible is not installed") from None


def answers(machine):
    """Machines that no play enters are only asked whether they are there."""
    address = machine["address"]
    if address is None:
        return True
    try:
        done = subprocess.run(["ping", "-c", "1", address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False, timeout=5)
        good = done.returncode == 0
    except FileNotFoundError:
        raise Fault("ping is not installed") from None
    except subprocess.TimeoutExpired:
        good = False
    print(f"{'ok   ' if good else 'FAIL '} {machine['name']}: {address} {'answers' if good else 'does not answer'}")
    return good


def serves(url):
    """Any answer below 500 is an answer: a login page is one too. Certificates of the lab's own authority are not judged."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        # The addresses are the lab's own: a proxy of the operator's environment has no business there.
        handlers = [urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)]
        with urllib.request.build_opener(*handlers).open(url, timeout=10) as answer:
            code = answer.status
    except urllib.error.HTTPError as error:
        code = error.code
    except (urllib.error.URLError, OSError, ValueError) as error:
        return False, f"FAIL  {url}: {getattr(error, 'reason', error)}"
    return code < 500, f"{'ok   ' if code < 500 else 'FAIL '} {url}: {code}"


if __name__ == "__main__":
    common.main(run)
