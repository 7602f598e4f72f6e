/** Documents hold every fact once, and no text of a lab can break a table or the picture. */
import { describe, expect, test } from 'vitest';
import { emitDocs } from '../../compiler/emit/docs/index.js';
import { code, link, plain, table } from '../../compiler/emit/docs/markdown.js';
import { xml } from '../../compiler/emit/docs/svg.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { hostileTexts } from '../fixtures/hostile.js';
import { emptyPlan, instance, machine, origin } from '../fixtures/plan-base.js';
import { justPlan } from '../fixtures/plan-just.js';

const [readme, picture] = emitDocs(justPlan).map((file) => file.text) as [string, string];

test('shows where a state goes, what a port reaches and where a secret comes from', () => {
  expect(readme).toContain('| vaultwarden.server.data | carrie | `/srv/vaultwarden/server/data` | stop | nas |');
  expect(readme).toContain('| carrie | 192.168.86.228 | 8080/tcp | vaultwarden.server, port 8080 |');
  expect(readme).toContain('| proxmox_token | environment: PROXMOX_VE_API_TOKEN | recipes |');
  expect(readme).toContain('`just carrie vaultwarden up`');
});

test('leaves out what a lab does not have', () => {
  const [empty] = emitDocs(emptyPlan);
  expect(empty!.text.match(/^## .*/gm)).toEqual(['## Run it']);
});

describe('hostile texts', () => {
  test('stay in their cell', () => {
    for (const cell of [plain, code, link]) {
      const rows = table(['a', 'b'], hostileTexts.map((text) => [cell(text), 'end'])).split('\n');
      expect(rows.length).toBe(hostileTexts.length + 2);
      for (const row of rows) expect({ row, bars: row.replace(/\\[\\|]/g, '').split('|').length }).toEqual({ row, bars: 4 });
    }
  });

  test('open no tag, no link and no entity', () => {
    for (const text of hostileTexts) expect(plain(text).replace(/\\[\\`*_[\]<>|~&$]/g, '')).not.toMatch(/[`*[\]<>|~&$\n\r\u202e]/);
  });

  test('are text in the picture', () => {
    const hostile: Plan = {
      ...justPlan,
      lab: { ...justPlan.lab, name: 'a<script>&"\'' },
      machines: hostileTexts.map((text, i) => machine(text === '' ? `m${i}` : text, { description: text, exports: [{ name: text, protocol: 'nfs', path: text }] })),
      instances: hostileTexts.map((text, i) => instance(text === '' ? `i${i}` : text, hostileTexts[1]!)),
      routes: hostileTexts.map((text) => ({ id: text, url: text, hosts: [text], path: text, instance: text, machine: text, upstream: text, ingress: text, expose: 'public', origin: origin('x') })),
    };
    const svg = emitDocs(hostile)[1]!.text;
    expect(svg).not.toContain('<script');
    expect(isWellFormed(svg)).toBe(true);
    // eslint-disable-next-line no-control-regex
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e\ufffe]/);
    expect(xml('a\ud800b')).toBe('a\ufffdb');
  });
});

test('the picture names every network, node, machine and workload', () => {
  for (const word of ['lan', 'iot', 'VLAN 30', 'maturin', 'gan', ...justPlan.machines.map((one) => one.name), 'traefik', 'vaultwarden', '192.168.30.10', 'via blaine', 'vault.home.example.net']) {
    expect(picture).toContain(word);
  }
  expect(isWellFormed(picture)).toBe(true);
});

/** Tags nest, attributes are quoted, and no bare `<` or `&` stands in text. */
function isWellFormed(text: string): boolean {
  const open: string[] = [];
  const rest = text.replace(/<(\/?)([a-z]\w*)((?:\s[\w:-]+="[^"<]*")*)(\/?)>/g, (_, close: string, name: string, _attributes, single: string) => {
    if (close === '/') return open.pop() === name ? '' : '<';
    if (single === '') open.push(name);
    return '';
  });
  return open.length === 0 && !/<|&(?!(?:amp|lt|gt|quot|#39);)/.test(rest);
}
