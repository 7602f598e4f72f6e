/** The places of cards: given in the order of the sources, kept whatever moves around them, and refused where a row would have a hole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { build, check, edited, firstDifference, readLab } from '../e2e/lab-kit.js';
import { reviewPlans } from '../../compiler/review/index.js';
import { built, facts, lab } from './support.js';

const LAN = 'network lan { cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]  allocate = 10.0.0.100 .. 10.0.0.219 }\n';
const NETWORKS = LAN + ['iot', 'guests', 'cameras'].map((name, i) => `network ${name} { cidr = 10.0.${i + 1}.0/24  gateway = 10.0.${i + 1}.1  vlan = ${i + 10}  bridge = vmbr0  allocate = 10.0.${i + 1}.100 .. 10.0.${i + 1}.219 }\n`).join('');
const LINES: Readonly<Record<string, string>> = { lan: 'nic lan', iot: 'nic iot { address = 10.0.1.20 }', guests: 'nic guests', cameras: 'nic cameras' };
const machine = (kind: string, name: string, nics: readonly string[], rest = ''): string => `${kind} ${name} : box_base {\n${nics.map((nic) => `  ${LINES[nic] ?? nic}\n`).join('')}${rest}}\n`;
const vm = (nics: readonly string[], rest = ''): string => NETWORKS + machine('vm', 'web', nics, rest);
const BOX = 'use images.debian_12_container\n';
const lxc = (nics: readonly string[]): string => `${BOX}${NETWORKS}lxc web {\n  node = pve1  image = debian_12_container  cores = 1  memory = 512MiB\n  disk root = 8GiB { on = local-lvm }\n${nics.map((nic) => `  ${LINES[nic] ?? nic}\n`).join('')}}\n`;
const places = (lock: string): Readonly<Record<string, string>> => Object.fromEntries(facts(lock, 'slot web/nic.').map((line) => line.slice('slot web/nic.'.length).split(' ') as [string, string]));
const refusal = (text: string, lock: string) => check(lab(text, lock)).diagnostics;
const codes = (text: string, lock: string): readonly string[] => refusal(text, lock).map(({ code }) => code);

describe('order', () => {
  test.each([['vm', vm], ['lxc', lxc]] as const)('cards of a %s stand in the order of the sources at first, and wherever they are written afterwards', (_, make) => {
    const first = built(make(['lan', 'iot', 'guests', 'cameras']));
    expect(places(first.lock)).toEqual({ lan: 'net0', iot: 'net1', guests: 'net2', cameras: 'net3' });
    const order = fc.shuffledSubarray(Object.keys(LINES), { minLength: 4, maxLength: 4 });
    fc.assert(fc.property(order, (nics) => {
      const again = built(make(nics), first.lock);
      expect(again.lock).toBe(first.lock);
      expect(firstDifference(first.files, again.files)).toBeUndefined();
      expect(reviewPlans(first.plan, again.plan).findings).toEqual([]);
    }), { seed: 21, numRuns: 6 });
  });

  test('nor does a whole lab change, with routers, ingress and firewall', () => {
    const home = readLab('labs/home');
    const lines = /  nic lan \{ address = auto {2}gateway = blaine \}\n  nic iot \{ address = auto \}\n/;
    expect(home.files.filter(({ text }) => lines.test(text))).toHaveLength(1);
    const swapped = edited(home, (text) => text.replace(lines, (both) => both.split('\n').filter((line) => line !== '').reverse().join('\n') + '\n'));
    const [before, after] = [build(home), build(swapped)];
    expect(after.lock).toBe(before.lock);
    expect(firstDifference(before.files, after.files)).toBeUndefined();
  });

  test('a lock from before cards had places takes the order of the sources', () => {
    const first = built(vm(['lan', 'iot']));
    const old = first.lock.split('\n').filter((line) => !line.includes('/nic.')).join('\n');
    expect(built(vm(['lan', 'iot']), old).lock).toBe(first.lock);
  });

  test('a new card is the last one, wherever it is written, and the machine is still reached by the first', () => {
    const first = built(vm(['lan', 'iot']));
    const after = built(vm(['guests', 'lan', 'iot']), first.lock);
    expect(places(after.lock)).toEqual({ guests: 'net2', iot: 'net1', lan: 'net0' });
    const [before, now] = [first, after].map(({ plan }) => plan.machines.find(({ name }) => name === 'web')!);
    expect(now!.address).toBe(before!.address);
    expect(now!.nics.map(({ network, gateway }) => [network, gateway !== null])).toEqual([['lan', true], ['iot', false], ['guests', false]]);
  });
});

describe('a card that left', () => {
  const first = built(vm(['lan', 'iot']));

  test('the last one may go, and its place is free in a later build', () => {
    const less = built(vm(['lan']), first.lock);
    expect(places(less.lock)).toEqual({ lan: 'net0' });
    expect(places(built(vm(['guests', 'lan']), less.lock).lock)).toEqual({ guests: 'net1', lan: 'net0' });
  });

  test('in front of another it leaves a hole that Terraform cannot say: refused, until the others may move up', () => {
    expect(codes(vm(['iot']), first.lock)).toEqual(['LAB6115']);
    const moved = built(`${vm(['iot'])}allow web { change = slot }\n`, first.lock);
    expect(places(moved.lock)).toEqual({ iot: 'net0' });
    expect(codes(`${vm(['iot'])}allow web { change = slot }\n`, moved.lock)).toEqual(['LAB6010']);
  });

  test('its place is not handed to a new one unsaid', () => {
    expect(codes(vm(['lan', 'guests']), first.lock)).toEqual(['LAB6115']);
    expect(refusal(vm(['lan', 'guests']), first.lock).map(({ help }) => help).join()).toContain('nic guests { was iot }');
    const same = built(vm(['nic guests { was iot }', 'lan']), first.lock);
    expect(places(same.lock)).toEqual({ guests: 'net1', lan: 'net0' });
    const mac = (built: typeof first, network: string): string | null | undefined => built.plan.machines.find(({ name }) => name === 'web')?.nics.find((nic) => nic.network === network)?.mac;
    expect(mac(same, 'guests')).toBe(mac(first, 'iot'));
    expect(places(built(`${vm(['lan', 'guests'])}allow web { change = slot }\n`, first.lock).lock)).toEqual({ guests: 'net1', lan: 'net0' });
  });

  test('a container keeps the names of the others', () => {
    const box = built(lxc(['lan', 'iot', 'guests']));
    const less = built(lxc(['guests', 'iot']), box.lock);
    expect(places(less.lock)).toEqual({ guests: 'net2', iot: 'net1' });
    expect(less.files.get('terraform/web.tf')!.match(/name += "eth\d"/g)).toEqual(['name        = "eth1"', 'name        = "eth2"']);
  });
});

test('cards follow their machine and their network to other names', () => {
  const first = built(vm(['lan', 'iot']));
  const text = NETWORKS.replace('network iot {', 'network things {\n  was iot\n ') + machine('vm', 'site', ['nic things { address = 10.0.1.20 }', 'lan'], '  was web\n');
  const after = built(text, first.lock);
  expect(facts(after.lock, 'slot site/nic.')).toEqual(['slot site/nic.lan net0', 'slot site/nic.things net1']);
  expect(facts(after.lock, 'mac site/things')[0]?.split(' ')[2]).toBe(facts(first.lock, 'mac web/iot')[0]?.split(' ')[2]);
});

test('two branches that both gave a place away are told so', () => {
  const base = built(vm(['lan']));
  const [one, other] = [built(vm(['lan', 'iot']), base.lock).lock, built(vm(['lan', 'guests']), base.lock).lock];
  const merged = [...new Set([...one.split('\n'), ...other.split('\n')])].join('\n');
  expect(codes(vm(['lan', 'iot', 'guests']), merged)).toEqual(['LAB4012']);
});
