/** The catalogue: codes and names are unique and in range, every entry helps, every table is listed. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalogue, findEntries } from '../../compiler/diagnostics/catalogue/index.js';
import { explain, pattern } from '../../compiler/diagnostics/explain.js';
import { columns } from '../../compiler/diagnostics/terminal-text.js';

const ranges: Readonly<Record<string, RegExp>> = {
  syntax: /^LAB1\d{3}$/, names: /^LAB2\d{3}$/, types: /^LAB3\d{3}$/, lab: /^LAB4\d{3}$/, proofs: /^LAB5\d{3}$/, identity: /^LAB6\d{3}$/, host: /^LAB9\d{3}$/,
};
const folder = fileURLToPath(new URL('../../compiler/diagnostics/catalogue/', import.meta.url));
const tables = readdirSync(folder).filter((name) => name !== 'index.ts').map((name) => name.replace(/\.ts$/, ''));

describe('the catalogue', () => {
  it('gives each code once', () => {
    const twice = (values: readonly string[]): readonly string[] => values.filter((value, i) => values.indexOf(value) !== i);
    expect(twice(catalogue().map((listed) => listed.entry.code))).toEqual([]);
  });

  it.each(tables)('lists the table %s, with codes in its range', async (table) => {
    const module: Record<string, unknown> = await import(`../../compiler/diagnostics/catalogue/${table}.ts`);
    const { entries } = module[table] as { entries: Record<string, { code: string }> };
    for (const { code } of Object.values(entries)) {
      expect(findEntries(code), code).toHaveLength(1);
      expect(code).toMatch(ranges[table] ?? /a table without a range/);
    }
  });

  it('writes sentences of one kind: lower case, no full stop, no words of blame', () => {
    const faults: string[] = [];
    for (const { entry } of catalogue()) {
      const sentence = pattern(entry.message);
      if (/^(?!Proxmox|Terraform|Ansible|Compose|Debian|Ubuntu)[A-Z][a-z]/.test(sentence) || /[.!]$/.test(sentence)) faults.push(`${entry.code}: ${sentence}`);
      if (/\b(invalid|illegal|bad|please|sorry)\b/i.test(sentence)) faults.push(`${entry.code}: ${sentence}`);
    }
    expect(faults).toEqual([]);
  });

  it('explains every code in a sentence or more, in lines of bounded width', () => {
    const faults: string[] = [];
    for (const listed of catalogue()) {
      const page = explain(listed, { colour: false, width: 80 });
      if (listed.entry.explain.split(/\s+/).length < 8) faults.push(`${listed.entry.code} says too little`);
      for (const line of page.split('\n')) if (columns(line) > 80 && !line.startsWith('    ')) faults.push(`${listed.entry.code}: ${line}`);
    }
    expect(faults).toEqual([]);
  });
});
