/**
 * What becomes of every kind of the prelude that has steps on a machine once it leaves the lab. A kind without a line here
 * fails: whoever writes a primitive decides how it is taken back, or that it stays.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseFile } from '../../compiler/syntax/parse.js';
import type { Head, Item } from '../../compiler/syntax/ast.js';
import { labelText } from '../../compiler/names/program.js';
import { UNDO_VERBS } from '../../compiler/plan/undo.js';
import { box, lab } from './support.js';

/** Verbs in order, with `only` as it is written. Nothing: why it stays is said behind it. */
const DECIDED: Readonly<Record<string, readonly string[]>> = {
  authorized_keys: ['ensure_undo retired'],                // the way in
  block: ['block_absent'],
  bootstrap: [],                                           // Ansible needs it for the removal itself
  ca_certificate: ['file_absent', 'ensure_undo'],
  debconf: [],                                             // answers belong to the package
  directory: ['rmdir'],
  docker_network: ['network_absent'],
  download: ['ensure_undo', 'file_absent', 'stamp_absent', 'file_absent'],
  dropin: ['file_absent', 'rmdir'],
  ensure: ['stamp_absent', 'ensure_undo'],
  file: ['file_absent'],
  filesystem: ['ensure_undo retired'],                     // told of, never wiped
  group: ['group_absent unclaimed'],
  guard: [],                                               // a question
  held_package: ['ensure_undo'],
  hostname: [],                                            // a machine has one
  hosts: ['block_absent'],
  kernel_param: ['file_absent', 'ensure_undo'],
  keypair: ['file_absent retired', 'file_absent retired'], // who the machine is
  known_host: ['ensure_undo'],
  line: ['ensure_undo while_wanted', 'ensure_undo'],        // whether it is known what stood there before
  link: ['file_absent'],
  locale: [],                                              // texts may be in it
  logrotate: ['file_absent'],
  lvm: ['ensure_undo retired'],                            // told of: it holds data
  member: ['ensure_undo'],
  module: ['file_absent', 'file_absent', 'ensure_undo'],
  mount: ['mount_off retired'],
  no_package: [],                                          // what was removed is not brought back
  ntp: ['file_absent', 'ensure_undo'],
  package: ['package_absent retired'],
  package_index: [],                                       // leaves nothing behind
  package_repository: ['file_absent', 'file_absent', 'ensure_undo'],
  reboot: [],                                              // leaves nothing behind
  resolver: ['file_absent', 'ensure_undo'],
  service: ['unit_off'],
  sudo: ['file_absent'],
  swap: ['ensure_undo retired'],
  sysctl: ['sysctl_absent'],
  timer: ['unit_off', 'file_absent', 'file_absent'],
  timezone: [],                                            // a machine has one
  tmpfiles: ['file_absent'],
  udev_rule: ['file_absent', 'ensure_undo'],
  unit: ['unit_off', 'file_absent'],
  user: ['user_lock retired'],
  verify: [],                                              // a question
};

const FOLDER = 'stdlib/prelude';

function heads(items: readonly Item[], word: string): Head[] {
  return items.flatMap((item): Head[] => {
    switch (item.kind) {
      case 'head': return [...(item.word.text === word ? [item] : []), ...heads(item.body?.items ?? [], word)];
      case 'assign': return [];
      case 'for': return heads(item.body.items, word);
      case 'if': return [...heads(item.then.items, word), ...(item.else === undefined ? [] : item.else.kind === 'if' ? heads([item.else], word) : heads(item.else.items, word))];
    }
  });
}

function undoing(head: Head): string {
  const only = head.body?.items.find((item) => item.kind === 'assign' && item.name.text === 'only');
  const said = only?.kind === 'assign' && only.value.kind === 'name-expr' ? ` ${only.value.text}` : '';
  return `${head.entries.map(({ label }) => labelText(label)).join()}${said}`;
}

test('every kind with steps says what its removal is', () => {
  const found: [string, string[]][] = [];
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith('.lab')).sort()) {
    const { value } = parseFile({ path: name, text: readFileSync(`${FOLDER}/${name}`, 'utf8') });
    for (const kind of heads(value.items, 'kind')) {
      if (heads(kind.body?.items ?? [], 'task').length === 0) continue;
      found.push([kind.entries.map(({ label }) => labelText(label)).join(), heads(kind.body?.items ?? [], 'undo').map(undoing)]);
    }
  }
  expect(Object.fromEntries(found)).toEqual(DECIDED);
  for (const undo of Object.values(DECIDED).flat()) expect(Object.keys(UNDO_VERBS)).toContain(undo.split(' ')[0]);
});

test('a line is taken back at once where it is known what stood there, and stays until it is retired where it is not', () => {
  const compiled = lab(box(`
    line known { path = /etc/a  text = "new"  before = "old" }
    line unknown { path = /etc/a  text = "other" }
  `));
  const undo = compiled.machine('box').converge?.items.filter(({ kind }) => kind === 'line').flatMap((item) => item.undo) ?? [];
  expect(undo.map(({ only }) => only)).toEqual(['always', 'while_wanted']);
  expect(undo[0]?.args).toMatchObject({ command: ['/bin/sh', '-ec', expect.any(String), 'lab', '/etc/a', 'new', 'old'] });
});
