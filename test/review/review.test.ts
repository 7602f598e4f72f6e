/** Edits and what `labc review` says of them, source and result together. */
import { describe, expect, it } from 'vitest';
import { NOTES } from '../identity/support.js';
import { printed, reviewOf } from './support.js';

const vm = (name: string, body = ''): string => `vm ${name} : box_base {\n  nic lan { address = auto }\n  ${body}\n}\n`;
const CARRIE = NOTES + vm('carrie', 'run notes');
const KEPT = 'state data = /data { quiesce = stop }';

describe('machines', () => {
  it('says nothing of nothing, nor of a comment, an order or another way to write a value', () => {
    expect(printed(CARRIE, CARRIE)).toBe('labs/t since HEAD (3f2c1a9): nothing changes');
    expect(printed(CARRIE, `// new\n\n${vm('carrie', '\n\n  run notes')}${NOTES}`)).toMatch(/nothing changes$/);
    expect(printed(vm('carrie', 'memory = 8GiB'), vm('carrie', 'memory = 8192MiB'))).toMatch(/nothing changes$/);
  });

  it('what needs a reboot, what grows while it runs, and what to run', () => {
    expect(printed(vm('carrie', 'memory = 8GiB'), vm('carrie', 'memory = 16GiB  cores = 4\n  disk data = 64GiB { on = local-lvm  mount = /srv  keep = true }'), true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): reboots 1 machine
      carrie: reboot: cores 2 -> 4; memory, balloon 8 GiB -> 16 GiB (labs/t/main.lab:3,
          labs/t/main.lab:1)
      carrie: in place: disk data size 32 GiB -> 64 GiB (labs/t/main.lab:4)
      run, in this order:
        labc build labs/t   # then commit the sources, lab.lock and out/
        cd out/t            # where the recipes of the lab are
        just carrie plan    # read what Terraform is about to do
        just carrie apply   # carry it out; it refuses to destroy
        just carrie reboot  # when it suits: carrie sees its changes at its next start; it asks first"
    `);
  });

  it('a promoted image is one line a machine, and machines alike are one line', () => {
    const pinned = (version: string): string => ['a', 'b', 'c', 'd', 'e'].map((name) => vm(name, `version = "${version}"`)).join('');
    expect(printed(pinned('20251006-2257'), pinned('20260903-2590'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): replaces 5 machines
      a, b and 3 more: REPLACE: image debian_12 20251006-2257 -> 20260903-2590 (labs/t/main.lab:3)
          kept disks stay: data (32 GiB)
      lab: in place: image debian_12 file removed on pve1; image debian_12 downloaded on pve1
          (stdlib/images/debian_12.lab:8, stdlib/images/debian_12.lab:4)"
    `);
  });

  it('a machine that is new, and one that goes with what it held', () => {
    expect(printed(vm('carrie'), vm('carrie') + NOTES + vm('misery', 'run notes'), true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 1 machine
      misery: in place: new vm, on pve1, 2 cores, 4 GiB, debian_12 20260903-2590, runs notes
          (labs/t/main.lab:16)
      lab: in place: secret notes.key, restic_password added; name misery.example.net added
          (labs/t/main.lab:7, labs/t/ground.lab:5)
      run, in this order:
        labc build labs/t         # then commit the sources, lab.lock and out/
        labc secrets init labs/t  # make the secrets that the store lacks
        cd out/t                  # where the recipes of the lab are
        just misery runway        # check what new machines need
        just misery plan          # read what Terraform is about to do
        just misery apply         # carry it out; it refuses to destroy
        just misery converge      # converge the system of misery
        just misery up            # start the workloads of misery"
    `);
    expect(printed(CARRIE, `${NOTES}${vm('other')}retire carrie { data = destroy }\n`, true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): destroys data of 1 machine, changes in place on 1 machine
      carrie: DESTROYS DATA: retired and destroyed with its data (labs/t/main.lab:16)
          disks go: data (32 GiB)
          notes.server.data is lost there: backed up to nas, daily at 03:30
      other: in place: new vm, on pve1, 2 cores, 4 GiB, debian_12 20260903-2590 (labs/t/main.lab:12)
      lab: in place: secret notes.key, restic_password removed; name other.example.net added; name
          carrie.example.net removed (labs/t/main.lab:3, labs/t/ground.lab:5)
      run, in this order:
        labc build labs/t                 # then commit the sources, lab.lock and out/
        cd out/t                          # where the recipes of the lab are
        just runway                       # check what new machines need
        just plan                         # read what Terraform is about to do
        just replace                      # carry it out, destruction included; it asks first
        just other converge               # converge the system of other
        cd -                              # back to where labc is called
        labc lock --forget carrie labs/t  # when all of that is done"
    `);
    expect(printed(CARRIE, `${NOTES}${vm('other')}retire carrie { data = keep }\n`)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 2 machines
      carrie: in place: retired: Terraform forgets it, the machine and its disks stay
          (labs/t/main.lab:16)
          kept disks stay: data (32 GiB)
      other: in place: new vm, on pve1, 2 cores, 4 GiB, debian_12 20260903-2590 (labs/t/main.lab:12)
      lab: in place: secret notes.key, restic_password removed; name other.example.net added; name
          carrie.example.net removed (labs/t/main.lab:3, labs/t/ground.lab:5)"
    `);
  });

  it('disks by their size and place, settings by their name', () => {
    const more = printed(vm('carrie'), vm('carrie', 'disk more = 20GiB { on = local-lvm  mount = /more  keep = true }'));
    expect(more).toContain('disk more added: 20 GiB on local-lvm');
    expect(more).not.toContain('proxmox_virtual_environment_vm');
    expect(printed(vm('carrie'), vm('carrie', 'firmware = uefi'), true)).toMatch(/UEFI variables added: [^]*ssh root@10\.0\.0\.2 qm shutdown/);
  });

  it('another name is one line', () => {
    expect(printed(CARRIE, NOTES + vm('misery', 'was carrie\n  run notes'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): reboots 1 machine
      misery: reboot: renamed from carrie, its data stays (labs/t/main.lab:12)"
    `);
    expect(printed(CARRIE, NOTES + vm('carrie', 'run memos = notes { was notes }'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: workload memos renamed from notes, its data stays (labs/t/main.lab:14)
      carrie: in place: file /etc/labc/restic/jobs/memos_data.json changed (labs/t/main.lab:12)"
    `);
  });

  it('cards and networks', () => {
    expect(printed(vm('carrie'), vm('carrie', 'pci gpu0'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): refused on 1 machine
      carrie: REFUSED: slot of cloud-init ide2 -> scsi30: the provider moves the drive only while the
          machine is off, and may not shut it down (labs/t/main.lab:1)
      carrie: reboot: pci gpu0 added: card; chipset pc -> q35; balloon 4 GiB -> 0 B
          (labs/t/main.lab:3, labs/t/main.lab:1)"
    `);
    const two = 'network iot { cidr = 10.1.0.0/24  gateway = 10.1.0.1  bridge = vmbr0  vlan = 9  allocate = 10.1.0.100 .. 10.1.0.200 }\nnetwork lan { cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]  allocate = 10.0.0.100 .. 10.0.0.219 }\n';
    expect(printed(two + vm('carrie'), two.replace('vlan = 9', 'vlan = 10') + vm('carrie', 'nic iot { address = 10.1.0.7 }'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): reboots 1 machine
      carrie: reboot: nic iot added: 10.1.0.7/24 (labs/t/main.lab:5)
      carrie: in place: nic iot added: vmbr0, VLAN 10 (labs/t/main.lab:5)
      lab: in place: network iot changed (labs/t/main.lab:1)"
    `);
  });
});

describe('what moves', () => {
  it('an instance goes to another machine with its data: steps in order', () => {
    expect(printed(CARRIE + vm('misery'), `${NOTES}${vm('carrie')}${vm('misery', 'run notes')}move notes { from = carrie }\n`, true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine, changes in place on 1 machine
      misery: restart: move of instance notes carrie -> misery (labs/t/main.lab:20)
          notes.server.data has to be taken along: backed up to nas, daily at 03:30
      misery: in place: package openssh-client, restic added; directory /etc/labc/restic,
          /etc/labc/restic/jobs, /root/.ssh, /var/cache/restic added; file /etc/nftables.d/lab.nft
          changed, runs nft -f /etc/nftables.d/lab.nft; and 12 more (labs/t/main.lab:16)
      carrie: in place: file /etc/nftables.d/lab.nft changed, runs nft -f /etc/nftables.d/lab.nft;
          package openssh-client, restic removed; directory /etc/labc/restic, /etc/labc/restic/jobs,
          /root/.ssh, /var/cache/restic removed; and 12 more (labs/t/main.lab:12)
      run, in this order:
        labc build labs/t                    # then commit the sources, lab.lock and out/
        cd out/t                             # where the recipes of the lab are
        just carrie converge                 # converge the system of carrie
        just misery converge                 # converge the system of misery
        just misery notes migrate            # stop notes and bring its data; it asks first
        just misery notes up                 # start notes on misery
        just carrie retire                   # take down what left carrie; it asks first
        cd -                                 # back to where labc is called
        labc lock --forget run.notes labs/t  # when all of that is done"
    `);
  });

  it('a machine goes to another node', () => {
    expect(printed(vm('carrie'), `${vm('carrie', 'node = pve2')}move carrie { from = pve1 }\n`, true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: move of machine carrie pve/pve1 -> pve/pve2 (labs/t/main.lab:5)
      lab: in place: image debian_12 file removed on pve1; image debian_12 downloaded on pve2
          (stdlib/images/debian_12.lab:4)
      run, in this order:
        labc build labs/t                 # then commit the sources, lab.lock and out/
        out/t/README.md                   # has the steps by which carrie moves: follow them
        cd out/t                          # where the recipes of the lab are
        just carrie plan                  # read what Terraform is about to do
        just carrie apply                 # carry it out; it refuses to destroy
        cd -                              # back to where labc is called
        labc lock --forget carrie labs/t  # when all of that is done"
    `);
  });

  it('a disk goes to another datastore', () => {
    expect(printed(vm('carrie'), `${vm('carrie', 'disk data { on = tank }')}move carrie.disk.data { from = local-lvm }\n`)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: move of disk carrie.data local-lvm -> tank (labs/t/main.lab:5)"
    `);
  });
});

describe('workloads', () => {
  const server = (body: string): string => `workload web() {\n  needs container_runtime\n  container server {\n    ${body}\n    port http = 8080\n  }\n}\n${vm('carrie', 'run web')}`;

  it('an image, an environment, a file: which container restarts', () => {
    expect(printed(server('image = "docker.io/library/busybox:1.36"'), server('image = "docker.io/library/busybox:1.37"\n    env { A = "1" }'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: web.server image 1.36 -> 1.37, environment A (labs/t/main.lab:4)"
    `);
  });

  it('a container that comes, one that goes', () => {
    const more = (text: string): string => text.replace('port http = 8080\n  }', 'port http = 8080\n  }\n  container side { image = "docker.io/library/busybox:1.36" }');
    const text = server('image = "docker.io/library/busybox:1.36"');
    expect(printed(text, more(text))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 1 machine
      carrie: in place: web.side added (labs/t/main.lab:7)"
    `);
    expect(printed(more(text), text)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: web.side removed (labs/t/main.lab:7)"
    `);
  });

  it('data that is retired, and data without a backup', () => {
    expect(printed(CARRIE, `${NOTES}${vm('carrie')}retire run.notes { data = destroy }\n`, true)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): destroys data of 1 machine
      carrie: DESTROYS DATA: workload notes retired: taken down and its data deleted
          (labs/t/main.lab:16)
          notes.server.data is lost there: backed up to nas, daily at 03:30
      carrie: in place: file /etc/nftables.d/lab.nft changed, runs nft -f /etc/nftables.d/lab.nft;
          package openssh-client, restic removed; directory /etc/labc/restic, /etc/labc/restic/jobs,
          /root/.ssh, /var/cache/restic removed; and 12 more (labs/t/main.lab:12)
      lab: in place: secret notes.key, restic_password removed (labs/t/main.lab:3,
          labs/t/ground.lab:5)
      run, in this order:
        labc build labs/t                    # then commit the sources, lab.lock and out/
        cd out/t                             # where the recipes of the lab are
        just carrie converge                 # converge the system of carrie
        just carrie retire                   # take down what left carrie; it asks first
        cd -                                 # back to where labc is called
        labc lock --forget run.notes labs/t  # when all of that is done"
    `);
    expect(printed(CARRIE, `${NOTES}${vm('carrie')}retire run.notes { data = keep }\n`)).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): restarts something on 1 machine
      carrie: restart: workload notes taken down, its data stays on the machine (labs/t/main.lab:16)
      carrie: in place: file /etc/nftables.d/lab.nft changed, runs nft -f /etc/nftables.d/lab.nft;
          package openssh-client, restic removed; directory /etc/labc/restic, /etc/labc/restic/jobs,
          /root/.ssh, /var/cache/restic removed; and 12 more (labs/t/main.lab:12)
      lab: in place: secret notes.key, restic_password removed (labs/t/main.lab:3,
          labs/t/ground.lab:5)"
    `);
    expect(printed(CARRIE, CARRIE.replace(KEPT, 'state data = /data { quiesce = stop  disposable = "a cache of the web" }'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 1 machine
      carrie: in place: package openssh-client, restic removed; directory /etc/labc/restic,
          /etc/labc/restic/jobs, /root/.ssh, /var/cache/restic removed; file /etc/labc/restic/env,
          /etc/labc/restic/jobs/notes_data.json, /etc/labc/restic/keep.json and 3 more removed; and 7 more
          (labs/t/main.lab:12, labs/t/main.lab:7)
      lab: in place: secret restic_password removed (labs/t/ground.lab:5)"
    `);
  });
});

describe('what a machine holds', () => {
  it('packages, files and services, with what they restart', () => {
    expect(printed(vm('carrie'), vm('carrie', 'package htop, jq\n  file /etc/motd { content = "hello" }\n  sysctl vm.swappiness = 10'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 1 machine
      carrie: in place: package htop, jq added; file /etc/motd added; sysctl vm.swappiness added
          (labs/t/main.lab:3, labs/t/main.lab:4)"
    `);
    expect(printed(vm('carrie', 'file /etc/motd { content = "hello" }'), vm('carrie', 'file /etc/motd { content = "bye" }'))).toMatchInlineSnapshot(`
      "labs/t since HEAD (3f2c1a9): changes in place on 1 machine
      carrie: in place: file /etc/motd changed (labs/t/main.lab:3)"
    `);
  });
});

describe('raw Terraform', () => {
  it('is never called harmless', () => {
    const review = reviewOf(vm('carrie'), vm('carrie', 'terraform """\n    keyboard_layout = "de"\n  """'));
    expect(review.findings.map(({ impact, what }) => [impact, what])).toMatchInlineSnapshot(`
      [
        [
          "replace",
          "added: keyboard_layout = "de"",
        ],
      ]
    `);
  });
});
