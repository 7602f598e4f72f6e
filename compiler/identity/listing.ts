/** What `labc lock` shows, and what it forgets: the lock's facts by what they are about. */
import type { Fact, Lock } from '../allocation/lock.js';
import { suggestHelp } from '../base/suggest.js';
import { compareText } from '../base/text.js';
import { halves, partsOf } from './facts.js';
import { subjectOf } from './retired.js';
import { nameOf, planName } from './subjects.js';

export interface Listed {
  readonly group: 'machines' | 'instances' | 'secrets' | 'remembered' | 'libraries' | 'other';
  /** `carrie`, `vaultwarden`. */
  readonly subject: string;
  readonly kind: string;
  /** What of the subject: a network, a disk, a state; empty for itself. */
  readonly part: string;
  readonly values: readonly string[];
}

/** Every fact, by group, subject and kind. */
export function listLock(lock: Lock): readonly Listed[] {
  const order = ['machines', 'instances', 'secrets', 'remembered', 'libraries', 'other'];
  const listed = [...lock.facts].map(([key, fact]) => {
    const [kind, id] = halves(key, ' ');
    return place(kind, id, partsOf(fact.value));
  });
  return listed.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || compareText(a.subject, b.subject) || rank(a.kind) - rank(b.kind) || compareText(a.kind, b.kind) || compareText(a.part, b.part));
}

/** What something is comes before what it has. */
function rank(kind: string): number {
  const at = ['machine', 'instance', 'retired', 'moved', 'vmid', 'address', 'mac', 'disk', 'slot'].indexOf(kind);
  return at < 0 ? 99 : at;
}

function place(kind: string, id: string, values: readonly string[]): Listed {
  const [first, rest] = halves(id, '/');
  switch (kind) {
    case 'machine': return { group: 'machines', subject: id, kind, part: '', values };
    case 'vmid': case 'address': return { group: 'machines', subject: rest, kind, part: first, values };
    case 'mac': case 'slot': case 'disk': case 'serial': case 'passed': return { group: 'machines', subject: first, kind, part: rest, values };
    case 'port': return { group: 'machines', subject: first, kind, part: rest, values };
    case 'mount': {
      const [machine, path] = halves(id, ':');
      return { group: 'machines', subject: machine, kind, part: path, values };
    }
    case 'instance': return { group: 'instances', subject: id, kind, part: '', values };
    case 'state': case 'volume': return { group: rest.startsWith('has/') && values[0] === first ? 'machines' : 'instances', subject: first, kind, part: rest, values };
    case 'entry': return { group: 'secrets', subject: id, kind, part: '', values };
    case 'retired': case 'moved': case 'freed': return { group: 'remembered', subject: nameOf(subjectOf(id)), kind, part: '', values };
    case 'retired_disk': case 'retired_state': case 'moved_state': {
      const [subject, part] = halves(id, ':');
      return { group: 'remembered', subject: nameOf(subjectOf(subject)), kind, part, values };
    }
    case 'library': return { group: 'libraries', subject: id, kind, part: '', values };
    default: return { group: 'other', subject: id, kind, part: '', values };
  }
}

/** The lock without the memory of what was retired, moved or taken away under that name; undefined where there is none. */
export function forget(lock: Lock, name: string): Lock | undefined {
  const ids = new Set(remembered(lock).filter((id) => names(id).includes(name)));
  if (ids.size === 0) return undefined;
  const facts = new Map<string, Fact>();
  for (const [key, fact] of lock.facts) {
    const [kind, id] = halves(key, ' ');
    if (!/^(retired|moved|freed)/.test(kind) || !ids.has(halves(id, ':')[0])) facts.set(key, fact);
  }
  return { facts };
}

/** What may be forgotten, for who mistypes it. */
export function forgetHelp(locks: readonly Lock[], name: string): string {
  const known = locks.flatMap((lock) => remembered(lock).map((id) => nameOf(subjectOf(id))));
  return known.length === 0 ? 'nothing was retired, moved or taken away' : suggestHelp(name, known);
}

function remembered(lock: Lock): string[] {
  return [...lock.facts.keys()].flatMap((key) => (/^(retired|moved|freed) /.test(key) ? [halves(key, ' ')[1]] : []));
}

function names(id: string): string[] {
  const subject = subjectOf(id);
  return [nameOf(subject), planName(subject)];
}
