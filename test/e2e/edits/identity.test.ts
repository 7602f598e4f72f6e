/** Edits of names, numbers and places: with the words that say so nothing is lost, without them nothing compiles. */
import { proveEdits } from './prove.js';
import { add, change, drop, line, rename } from './source.js';

const promoted = { 'image.house_pve1': 'replace checksum, file_name' };

proveEdits('identity', {
  'a machine in the middle': {
    threads: 'splunk/splunk-platform-automator#8', changes: [add('vm sam : host {\n  node = pve1  cores = 1  memory = 1GiB\n  nic lan\n}')],
    review: { lab: 'in_place', sam: 'in_place' },
    plan: { 'data.sam_generation': 'create', 'vm.sam': 'create' },
  },
  'promote an image for one machine': {
    threads: 'bpg PR#1989', changes: [line('vm web', 'version = "2"')],
    review: { lab: 'in_place', web: 'destroys_data' },
    plan: { 'data.web_generation': 'update input.sha256, input.version', 'image.house_pve1_2': 'create', 'vm.web': 'replace triggered' },
  },
  'promote an image': {
    threads: 'bpg#1516 bpg#1740 bpg#1763', changes: [change('image house', 'stable = "1"', 'stable = "2"')],
    review: { lab: 'in_place', media: 'replace', spare: 'replace', store: 'replace', web: 'destroys_data' },
    plan: {
      ...promoted,
      ...Object.fromEntries(['media', 'spare', 'store', 'web'].flatMap((name) => [[`data.${name}_generation`, 'update input.sha256, input.version'], [`vm.${name}`, 'replace triggered']])),
    },
  },
  'another server for the same image': { threads: 'bpg#1740', changes: [change('image house', 'images.example.net/house-1.img', 'mirror.example.net/house-1.img')], review: { lab: 'in_place' } },
  'rename a machine without data': {
    threads: 'Telmate#658', changes: [rename('web', 'site')],
    review: { lab: 'in_place', site: 'in_place', web: 'destroys_data' },
    plan: { 'data.site_generation': 'create', 'data.web_generation': 'delete', 'vm.site': 'create', 'vm.web': 'delete' },
  },
  'rename a machine': {
    threads: 'Telmate#658 hashicorp/terraform#591', changes: [rename('web', 'site'), line('vm site', 'was web')],
    review: { site: 'reboot' },
    plan: { 'data.site_generation': 'was data.web_generation', 'vm.site': 'was vm.web, update name' },
  },
  'rename a machine that holds data without saying so': { threads: 'Telmate#658 dev.to/techwithhari', changes: [rename('store', 'vaults')], refused: 'LAB6101' },
  'rename a machine that holds data': {
    threads: 'Telmate#658 dev.to/techwithhari', changes: [rename('store', 'vaults'), line('vm vaults', 'was store')],
    review: { vaults: 'reboot' },
    plan: { 'data.vaults_generation': 'was data.store_generation', 'vm.vaults': 'was vm.store, update name', 'vm.vaults_data': 'was vm.store_data, update description, name' },
  },
  'rename a container': {
    threads: 'Telmate#658', changes: [rename('box', 'crate'), line('lxc crate', 'was box')],
    review: { crate: 'reboot' },
    plan: { 'data.crate_generation': 'was data.box_generation', 'lxc.crate': 'was lxc.box, update initialization.hostname' },
  },
  'rename and promote in one commit': {
    threads: 'Telmate#658 bpg#1740', changes: [rename('store', 'vaults'), line('vm vaults', 'was store'), line('vm vaults', 'version = "2"')],
    review: { lab: 'in_place', vaults: 'replace' },
    plan: {
      'data.vaults_generation': 'was data.store_generation, update input.sha256, input.version', 'image.house_pve1_2': 'create',
      'vm.vaults': 'was vm.store, replace triggered', 'vm.vaults_data': 'was vm.store_data, update description, name',
    },
  },
  'rename an image': {
    threads: 'hashicorp/terraform#18988', changes: [rename('house', 'manor'), line('image manor', 'was house')],
    review: { lab: 'in_place' },
    plan: { 'image.manor_pve1': 'was image.house_pve1' },
  },
  'rename a network': { threads: 'hashicorp/terraform#18988', changes: [rename('iot', 'things'), line('network things', 'was iot')], review: { box: 'in_place', lab: 'in_place', media: 'in_place', spare: 'in_place', store: 'in_place', web: 'in_place' } },
  'another node': {
    threads: 'bpg#2071', changes: [change('vm web', 'node = pve1', 'node = pve2')],
    refused: 'LAB6112', permit: [add('move web { from = pve1 }')],
    review: { lab: 'in_place', web: 'restart' },
    plan: { 'image.house_pve2': 'create', 'vm.web': 'update migrate, node_name' },
  },
  'another node for a machine that holds data': {
    threads: 'bpg#2071', changes: [change('vm store', 'node = pve1', 'node = pve2')],
    refused: 'LAB6112', permit: [add('move store { from = pve1 }')], blocked: /Instance cannot be destroyed/,
    review: { lab: 'in_place', store: 'restart' },
  },
  'another node for a container': {
    threads: 'bpg#2071', changes: [change('lxc box', 'node = pve1', 'node = pve2')],
    refused: 'LAB6112', permit: [add('move box { from = pve1 }')], blocked: /Instance cannot be destroyed/,
    review: { box: 'restart', lab: 'in_place' },
  },
  'another VMID': {
    threads: 'Telmate#1431 bpg#1521', changes: [line('vm web', 'vmid = 300')],
    refused: 'LAB6107', permit: [add('allow web { change = vmid }')],
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'replace vm_id' },
  },
  'another VMID for a machine that holds data': { threads: 'Telmate#1431', changes: [line('vm store', 'vmid = 300')], refused: 'LAB6107' },
  'remove a machine without data': { threads: 'anantafatur.dev', changes: [drop('vm web')], review: { lab: 'in_place', web: 'destroys_data' }, plan: { 'data.web_generation': 'delete', 'vm.web': 'delete' } },
  'remove a machine that holds data, which is kept': {
    threads: 'OpenTofu behavior.mdx:148 bpg#1763', changes: [drop('vm store')],
    refused: 'LAB6101', permit: [add('retire store { data = keep }')],
    review: { lab: 'in_place', store: 'in_place' },
    plan: { 'data.store_generation': 'forget', 'vm.store': 'forget', 'vm.store_data': 'forget' },
  },
  'remove a machine that holds data, which is destroyed': {
    threads: 'OpenTofu behavior.mdx:148', changes: [drop('vm store')],
    refused: 'LAB6101', permit: [add('retire store { data = destroy }')],
    review: { lab: 'in_place', store: 'destroys_data' },
    plan: { 'data.store_generation': 'delete', 'vm.store': 'delete', 'vm.store_data': 'update protection' },
  },
  'remove a container': { threads: 'anantafatur.dev', changes: [drop('lxc box')], review: { box: 'replace', lab: 'in_place' }, plan: { 'data.box_generation': 'delete', 'image.debian_12_container_pve1': 'delete', 'lxc.box': 'delete' } },
  'a container in place of a machine': {
    threads: 'bpg#1131', changes: [drop('vm web'), add('lxc web : base_debian {\n  node = pve1  image = debian_12_container\n  disk root = 8GiB { on = local-lvm }\n  nic lan\n}')],
    refused: 'LAB6110',
  },
});
