/** The rule set of a machine that looks for things by SSDP, in a network of two name spaces. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readCommitted } from '../e2e/lab-kit.js';
import { describeWithTool, runProgram } from '../support/tools.js';

/** Answers a search from a port of its own, to the port that asked and to one that nobody asked from. */
const device = `
import socket, struct
group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
group.bind(("", 1900))
group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("239.255.255.250") + socket.inet_aton("192.168.86.60"))
answer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    _, who = group.recvfrom(100)
    answer.sendto(b"stranger", (who[0], 4000))
    answer.sendto(b"here", who)
`;

/** Asks until it hears something, and says what came to which of its two ports. */
const asker = `
import socket
other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
other.bind(("", 4000))
other.settimeout(0.5)
ask = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ask.settimeout(0.5)
def heard(port):
    try:
        return port.recv(100).decode()
    except OSError:
        return "nothing"
for _ in range(20):
    try:
        ask.sendto(b"M-SEARCH", ("239.255.255.250", 1900))
    except OSError:
        pass
    said = heard(ask)
    if said != "nothing":
        break
print(said, heard(other))
`;

describeWithTool('nft', (nft) => {
  const folder = mkdtempSync(join(tmpdir(), 'labc-firewall-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([['patricia', 'here nothing'], ['carrie', 'nothing nothing']])('answers to a search reach %s: %s', async (machine, heard) => {
    writeFileSync(join(folder, 'lab.nft'), readCommitted('home').get(`ansible/roles/${machine}/files/etc/nftables.d/lab.nft`)!);
    writeFileSync(join(folder, 'device.py'), device);
    writeFileSync(join(folder, 'asker.py'), asker);
    const script = [
      'set -e', `${nft.path} -f lab.nft`, 'unshare --net sleep 120 & other=$!', `trap 'kill $other $device 2>/dev/null' EXIT`,
      'until [ "$(readlink /proc/$other/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.1; done',
      'ip link add lan type veth peer name lan netns $other', 'ip address add 192.168.86.210/24 dev lan', 'ip link set lan up', 'ip route add 239.255.255.250 dev lan',
      'nsenter --target $other --net sh -c "ip address add 192.168.86.60/24 dev lan && ip link set lan up"',
      'nsenter --target $other --net python3 device.py & device=$!', 'python3 asker.py',
    ].join('\n');
    const result = await runProgram('/usr/bin/unshare', ['--map-root-user', '--net', 'bash', '-c', script], { cwd: folder });
    expect(result.all).toBe(`${heard}\n`);
  }, 120_000);
});
