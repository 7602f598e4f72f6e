/**
 * Real lines of every target of labs/home, each with the statement that it comes from, as a person who reads both would name it:
 * the file, which of the lines that begin so, the line, and the statement that won.
 */
import { expect, it } from 'vitest';
import { placesOf } from '../../compiler/cli/commands/why.js';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { compile } from '../../compiler/compile.js';
import { emitAll } from '../../compiler/emit/index.js';
import { standardLibrary } from '../../compiler/library.js';
import { subjectOf } from '../../compiler/origins/index.js';
import { collectLab } from '../../compiler/sources/collect.js';

const { plan, why } = compile(collectLab(nodeDisk, 'labs/home').sources, standardLibrary());
const files = new Map((plan === undefined ? [] : emitAll(plan)).map((file) => [file.path, file]));

function place(path: string, nth: number, text: string): string[] {
  const file = files.get(path);
  if (plan === undefined || file === undefined) return [];
  const lines = file.text.split('\n').flatMap((line, at) => (line.trim().replace(/\s+/g, ' ').startsWith(text) ? [at + 1] : []));
  return placesOf(why, subjectOf(plan, file, lines[nth - 1] ?? 0)).map((step) => `${step.rank} ${step.file}:${step.line}`);
}

const table: readonly (readonly [path: string, nth: number, line: string, place: string])[] = [
  ['terraform/carrie.tf', 1, 'resource "terraform_data" "carrie_generation" {', 'lab machines.lab:7'],
  ['terraform/carrie.tf', 1, 'version = "20260926"', 'library stdlib/images/ubuntu_24_04.lab:8'],
  ['terraform/carrie.tf', 1, 'sha256 = "6a81c37564db9b1ee84e141922625e1d7c5b389b99bb3c572', 'library stdlib/images/ubuntu_24_04.lab:6'],
  ['terraform/carrie.tf', 1, 'name = "carrie-data"', 'lab machines.lab:11'],
  ['terraform/carrie.tf', 1, 'vm_id = 90605', 'lock lab.lock:100'],
  ['terraform/carrie.tf', 1, 'datastore_id = "local-lvm"', 'machine machines.lab:11'],
  ['terraform/carrie.tf', 1, 'size = 200', 'machine machines.lab:11'],
  ['terraform/carrie.tf', 1, 'backup = false', 'default stdlib/prelude/sinks/machines.lab:161'],
  ['terraform/carrie.tf', 1, 'resource "proxmox_virtual_environment_vm" "carrie" {', 'lab machines.lab:7'],
  ['terraform/carrie.tf', 1, 'name = "carrie"', 'lab machines.lab:7'],
  ['terraform/carrie.tf', 1, 'node_name = "maturin"', 'machine machines.lab:8'],
  ['terraform/carrie.tf', 1, 'vm_id = 605', 'lock lab.lock:100'],
  ['terraform/carrie.tf', 1, 'tags = ["docker_host", "labc"]', 'lab machines.lab:7'],
  ['terraform/carrie.tf', 1, 'bios = "seabios"', 'default stdlib/prelude/sinks/machines.lab:45'],
  ['terraform/carrie.tf', 1, 'protection = false', 'default stdlib/prelude/sinks/machines.lab:52'],
  ['terraform/carrie.tf', 1, 'cores = 4', 'lab personas.lab:8'],
  ['terraform/carrie.tf', 1, 'type = "x86-64-v2-AES"', 'default stdlib/prelude/sinks/machines.lab:44'],
  ['terraform/carrie.tf', 1, 'dedicated = 12288', 'machine machines.lab:10'],
  ['terraform/carrie.tf', 1, 'interface = "scsi0"', 'lock lab.lock:73'],
  ['terraform/carrie.tf', 1, 'import_from = proxmox_download_file.ubuntu_24_04_maturin.id', 'library stdlib/personas/base_ubuntu.lab:5'],
  ['terraform/carrie.tf', 1, 'size = 64', 'lab personas.lab:8'],
  ['terraform/carrie.tf', 1, 'datastore_id = proxmox_virtual_environment_vm.carrie_da', 'machine machines.lab:11'],
  ['terraform/carrie.tf', 1, 'size = 200', 'machine machines.lab:11'],
  ['terraform/carrie.tf', 1, 'bridge = "vmbr0"', 'machine site.lab:39'],
  ['terraform/carrie.tf', 1, 'vlan_id = 86', 'machine site.lab:39'],
  ['terraform/carrie.tf', 1, 'mac_address = "02:F7:82:D1:59:7F"', 'lock lab.lock:39'],
  ['terraform/carrie.tf', 1, 'domain = "home.example.net"', 'machine site.lab:4'],
  ['terraform/carrie.tf', 1, 'servers = ["192.168.86.205"]', 'machine site.lab:40'],
  ['terraform/carrie.tf', 1, 'address = "192.168.86.228/24"', 'machine machines.lab:9'],
  ['terraform/carrie.tf', 1, 'gateway = "192.168.86.1"', 'machine site.lab:39'],
  ['terraform/carrie.tf', 1, 'username = "ops"', 'lab site.lab:10'],
  ['terraform/carrie.tf', 1, 'keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4', 'machine site.lab:12'],
  ['terraform/carrie.tf', 1, 'ignore_changes = [disk[1].size]', 'lab machines.lab:11'],
  ['compose/misery/immich/compose.yaml', 1, 'name: immich', 'lab machines.lab:34'],
  ['compose/misery/immich/compose.yaml', 1, 'image: ghcr.io/immich-app/postgres:14-vectorchord0.4.3-pgvectors0.2.0', 'library stdlib/apps/immich.lab:18'],
  ['compose/misery/immich/compose.yaml', 1, 'POSTGRES_DB: immich', 'library stdlib/parts/postgres.lab:15'],
  ['compose/misery/immich/compose.yaml', 1, 'POSTGRES_USER: immich', 'library stdlib/parts/postgres.lab:15'],
  ['compose/misery/immich/compose.yaml', 1, 'source: /srv/immich/db/data', 'library stdlib/parts/postgres.lab:21'],
  ['compose/misery/immich/compose.yaml', 1, 'shm_size: "128m"', 'library stdlib/parts/postgres.lab:12'],
  ['compose/misery/immich/compose.yaml', 1, 'image: ghcr.io/immich-app/immich-machine-learning:v2.5.2-cuda', 'library stdlib/apps/immich.lab:49'],
  ['compose/misery/immich/compose.yaml', 1, 'source: learning_models', 'library stdlib/apps/immich.lab:43'],
  ['compose/misery/immich/compose.yaml', 1, 'image: ghcr.io/immich-app/immich-server:v2.5.2', 'library stdlib/apps/immich.lab:22'],
  ['compose/misery/immich/compose.yaml', 2, 'db:', 'library stdlib/apps/immich.lab:23'],
  ['compose/misery/immich/compose.yaml', 1, 'IMMICH_LOG_LEVEL: warn', 'machine machines.lab:36'],
  ['compose/misery/immich/compose.yaml', 1, 'TZ: Europe/Berlin', 'library stdlib/apps/immich.lab:26'],
  ['compose/misery/immich/compose.yaml', 2, '- db_password', 'library stdlib/apps/immich.lab:12'],
  ['compose/misery/immich/compose.yaml', 1, '- target: 2283', 'library stdlib/apps/immich.lab:25'],
  ['compose/misery/immich/compose.yaml', 1, 'published: "8081"', 'library stdlib/apps/immich.lab:25'],
  ['compose/misery/immich/compose.yaml', 1, 'source: /mnt/photos', 'library stdlib/apps/immich.lab:36'],
  ['compose/misery/immich/compose.yaml', 2, 'interval: "30s"', 'library stdlib/apps/immich.lab:38'],
  ['compose/misery/immich/compose.yaml', 2, 'name: immich', 'lab machines.lab:34'],
  ['compose/misery/immich/compose.yaml', 1, 'name: immich_learning_models', 'library stdlib/apps/immich.lab:43'],
  ['compose/misery/immich/compose.yaml', 1, 'file: /etc/labc/secrets/immich/db_password', 'library stdlib/apps/immich.lab:12'],
  ['ansible/roles/carrie/tasks/packages.yml', 1, '- curl', 'library stdlib/capabilities/base.lab:7'],
  ['ansible/roles/carrie/tasks/packages.yml', 1, 'ignore_errors: "{{ ansible_check_mode }}"', 'library stdlib/capabilities/base.lab:7'],
  ['ansible/roles/carrie/tasks/packages.yml', 3, 'ansible.builtin.apt:', 'library stdlib/capabilities/docker.lab:24'],
  ['ansible/roles/carrie/tasks/packages.yml', 3, 'state: present', 'library stdlib/capabilities/firewall.lab:3'],
  ['ansible/roles/carrie/tasks/packages.yml', 6, 'ignore_errors: "{{ ansible_check_mode }}"', 'library stdlib/capabilities/restic.lab:35'],
  ['ansible/inventory/hosts.yml', 1, 'blaine:', 'lab machines.lab:43'],
  ['ansible/inventory/hosts.yml', 1, 'carrie:', 'lab machines.lab:7'],
  ['ansible/inventory/hosts.yml', 4, 'ansible_user: ops', 'lab site.lab:10'],
  ['ansible/inventory/hosts.yml', 1, 'printer:', 'lab machines.lab:105'],
  ['ansible/inventory/hosts.yml', 1, 'switch:', 'lab machines.lab:106'],
  ['ansible/applied/carrie.json', 1, '"version": 1,', 'lab machines.lab:7'],
  ['ansible/applied/carrie.json', 1, '"id": "package_repository:docker",', 'library stdlib/capabilities/docker.lab:18'],
  ['ansible/applied/carrie.json', 1, '"file_absent": {', 'library stdlib/capabilities/docker.lab:18'],
  ['ansible/applied/carrie.json', 2, '"layer": "L3",', 'library stdlib/capabilities/base.lab:7'],
  ['ansible/L4.yml', 1, 'hosts: flagg', 'lab machines.lab:95'],
  ['ansible/L4.yml', 1, '- name: Run gatus', 'lab machines.lab:102'],
  ['ansible/L4.yml', 1, '- path: /etc/labc/workloads/gatus/config', 'lab machines.lab:102'],
  ['ansible/L4.yml', 1, '- path: /srv/gatus/server/data', 'library stdlib/apps/gatus.lab:37'],
  ['ansible/L4.yml', 1, 'dest: /etc/labc/workloads/gatus/config/server/config/lab.yaml', 'library stdlib/apps/gatus.lab:20'],
  ['ansible/L4.yml', 1, '- name: Run grafana', 'lab machines.lab:101'],
  ['ansible/L4.yml', 1, '- path: /srv/grafana/server/data', 'library stdlib/apps/grafana.lab:51'],
  ['ansible/L4.yml', 1, 'dest: /etc/labc/secrets/grafana/admin', 'library stdlib/apps/grafana.lab:13'],
  ['ansible/inventory/group_vars/all/secrets.yml', 1, 'lab_secret_cloudflare: "{{ lookup(\'community.sops.sops\', lab', 'lab site.lab:53'],
  ['ansible/inventory/group_vars/all/secrets.yml', 1, '{{ lookup(\'community.sops.sops\', lab_source ~ \'/secrets.yaml\', extract=\'["family_vault"]["admin_hash"]\', rstrip=false) }}', 'library stdlib/apps/vaultwarden.lab:10'],
  ['ansible/inventory/group_vars/all/secrets.yml', 1, 'lab_secret_restic_password: "{{ lookup(\'community.sops.sops\'', 'lab site.lab:56'],
  ['terraform/images.tf', 1, 'resource "proxmox_download_file" "debian_12_container_gan" {', 'library stdlib/images/debian_12_container.lab:5'],
  ['terraform/images.tf', 1, 'node_name = "gan"', 'lab site.lab:29'],
  ['terraform/images.tf', 1, 'url = "http://download.proxmox.com/images/sys', 'library stdlib/images/debian_12_container.lab:5'],
  ['terraform/images.tf', 1, 'checksum = "50c85eaaece677a3ebe01cc909b83872e9da2a', 'library stdlib/images/debian_12_container.lab:5'],
  ['justfile', 2, '[group(\'machines\')]', 'lab site.lab:3'],
  ['just/machine/carrie.just', 1, '[doc(\'List what can be run here\')]', 'lab machines.lab:7'],
  ['just/machine/misery/immich.just', 1, 'preview: _proof (_up \'--limit\' \'misery\' \'--tags\' \'immich\' \'-', 'lab machines.lab:34'],
  ['compose/flagg/traefik/secrets/cloudflare', 1, '<<% lab_secret_cloudflare %>>', 'lab site.lab:53'],
  ['compose/flagg/prometheus/files/server/etc/prometheus/prometheus.yaml', 1, 'external_labels:', 'library stdlib/apps/prometheus.lab:32'],
  ['ansible/roles/misery/files/etc/docker/daemon.json', 1, '"log-driver": "journald",', 'library stdlib/capabilities/docker.lab:32'],
  ['ansible/roles/misery/handlers/main.yml', 1, '- /etc/nftables.d/lab.nft', 'library stdlib/capabilities/firewall.lab:26'],
  ['terraform/provider.tf', 1, 'provider "proxmox" {', 'lab site.lab:15'],
  ['terraform/misery.tf', 1, 'reboot_after_update = false', 'lab machines.lab:23'],
];

it.each(table)('%s, %d: %s', (path, nth, text, expected) => {
  expect(place(path, nth, text)[0]).toBe(expected);
});

it('gives the whole chain where the line is one attribute\'s', () => {
  const lines = place('terraform/carrie.tf', 1, 'dedicated =');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['machine', 'lab', 'default']);
});

it('finds a statement for every line of every file', () => {
  const lost = [...files.values()].flatMap((file) => (['terraform/carrie.tf', 'ansible/L4.yml', 'ansible/applied/carrie.json', 'justfile'].includes(file.path) ? file.text.split('\n').flatMap((_, at) => (plan !== undefined && placesOf(why, subjectOf(plan, file, at + 1)).length === 0 ? [`${file.path}:${at + 1}`] : [])) : []));
  expect(lost).toEqual([]);
});
