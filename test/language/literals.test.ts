/** Literals, arithmetic and comparison: the source, and what a container sees of it. */
import { describe, expect, it } from 'vitest';
import { app, expr, lab } from './support.js';

const all = (pairs: Readonly<Record<string, string>>): Record<string, string | undefined> => {
  const compiled = lab(app(`env {\n${Object.keys(pairs).map((source, i) => `X${i} = ${source}`).join('\n')}\n}`));
  if (compiled.errors.length > 0) throw new Error(compiled.errors.join('\n'));
  const env = compiled.env();
  return Object.fromEntries(Object.keys(pairs).map((source, i) => [source, env[`X${i}`]]));
};
const gives = (pairs: Readonly<Record<string, string>>): void => expect(all(pairs)).toEqual(pairs);

describe('values', () => {
  it('have dimensions, which arithmetic keeps', () => {
    gives({
      '(1GiB + 512MiB).in(MiB)': '1536', '(8GiB * 2).in(GiB)': '16', '(2 * 8GiB).in(GiB)': '16', '(1h30m - 30m).in(m)': '60', '8GiB / 2GiB': '4',
      '(1GiB / 4).in(MiB)': '256', '90m / 1h': '1.5', '(1.5 * 2GiB).in(GiB)': '3', '(10s * 0.5).in(s)': '5', '(1d).in(h)': '24', '(2w).in(d)': '14',
      '1TB.in(GB)': '1000', '(-5 + 2)': '-3', '7 / 2': '3.5', '6 / 2': '3', '2 + 3 * 4': '14', '(2 + 3) * 4': '20', '10 - 3 - 2': '5', '1536MiB.in(GiB)': '1.5',
    });
    expect(expr('1GiB + 1')).toMatch(/LAB3008/);
    expect(expr('1GiB + 1h')).toMatch(/LAB3008/);
    expect(expr('"${1GiB}"')).toMatch(/LAB3010/);
    expect(expr('1GiB')).toMatch(/LAB3010/);
  });

  it('are addresses and networks, with arithmetic of their own', () => {
    gives({
      '10.0.0.1 + 5': '10.0.0.6', '10.0.1.0 - 1': '10.0.0.255', '10.0.0.9 - 10.0.0.4': '5', '10.0.0.0/24.host(7)': '10.0.0.7', '10.0.0.77/24.network': '10.0.0.0',
      '10.0.0.0/24.prefix': '24', '10.0.0.0/22.mask': '255.255.252.0', '10.0.0.0/24.last': '10.0.0.255', '10.0.0.7 in 10.0.0.0/24': 'true', '10.0.1.7 in 10.0.0.0/24': 'false',
      '10.0.0.7 in 10.0.0.1 .. 10.0.0.9': 'true', 'fd00::1 + 1': 'fd00::2', 'fd00::5 in fd00::/64': 'true', '10.0.0.9 < 10.0.0.10': 'true', '02:42:ac:11:00:02': '02:42:AC:11:00:02',
      '5 in 1 .. 10': 'true', '11 in 1 .. 10': 'false', '2GiB in 1GiB .. 4GiB': 'true',
    });
    expect(expr('10.0.0.0/24.host(300)')).toMatch(/LAB3016/);
    expect(expr('10.0.0.256')).toMatch(/LAB3003/);
    expect(expr('10.0.0.01')).toMatch(/LAB/);
  });

  it('keep the text of versions and decimals, and order them as versions', () => {
    gives({
      '24.04': '24.04', '24.10': '24.10', '1.2.3': '1.2.3', '"${24.10}"': '24.10', '1.2.10 > 1.2.9': 'true', '2026-01-31': '2026-01-31', '2026-01-31 < 2026-02-01': 'true',
    });
    const compiled = lab(`${app('env { A = newer(24.10)  B = newer(24.9)  C = newer(24.10.1)  D = same(24.10) }')}
      fn newer(v: Version): Bool = v > 24.9
      fn same(v: Version): Bool = v == 24.1`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env()).toEqual({ A: 'true', B: 'false', C: 'true', D: 'false' });
    expect(lab(`${app('env { A = os.version >= 12  B = os.version < 13  C = os.version == 12 }')}`).env()).toEqual({ A: 'true', B: 'true', C: 'true' });
  });

  it('compare by dimension, and only within one', () => {
    gives({
      '1GiB > 1GB': 'true', '60s == 1m': 'true', '"a" < "b"': 'true', '1 == 1.0': 'true', '/a == /a': 'true', '"x" == none': 'false', 'none == none': 'true', '1 != 2': 'true',
      'not true or true': 'true', 'not (true or true)': 'false', 'true and not false': 'true', '[1, 2] == [1, 2]': 'true', '{ a = 1 } == { a = 1 }': 'true',
    });
    expect(expr('1GiB < 5')).toMatch(/LAB3008/);
    expect(expr('1 < 2 < 3')).toMatch(/LAB/);
  });

  it('are text with holes, raw text, and dedented text', () => {
    gives({ "'a ${b}'": 'a ${b}', '"a \\${b} ${1 + 1}"': 'a ${b} 2', '"""\n  x\n    y\n  """': 'x\n  y', "'''\n  x ${y}\n  '''": 'x ${y}', '"tab\\t."': 'tab\t.', '"${"inner ${"deep"}"}"': 'inner deep' });
  });

  it('are lists and records, with methods', () => {
    gives({
      '[3, 1, 2].sort().join(",")': '1,2,3', '[1, 2, 3].map(x => x * 2).join(" ")': '2 4 6', '[1, 2, 3].where(x => x > 1).length()': '2', '[1, 2].sum()': '3', '[1GiB, 2GiB].sum().in(GiB)': '3',
      '[1, 1, 2].unique().length()': '2', 'min(3, 2)': '2', 'max([3, 5])': '5', '["b", "a"].sort_by(x => x).first()': 'a', '[1, 2].contains(2)': 'true', '[for i in 1 .. 3 : i * i].join(",")': '1,4,9',
      '[for i in 1 .. 5 where i > 3: i].join(",")': '4,5', '{ for i in ["a", "b"] : i => i.upper() }.a': 'A', '({ a = 1 } + { b = 2 }).keys().join(",")': 'a,b', '{ a = 1 }["a"]': '1', '[5, 6][1]': '6',
      '({ a = { b = 1 } } + { a = { c = 2 } }).a.keys().join(",")': 'b,c', '{ a = none }.keys().length()': '1', '[1, none, 2].length()': '2', 'none ?? "d"': 'd', '"a" ?? "d"': 'a',
      '"A b".slug()': 'a-b', '"a,b".split(",").join("-")': 'a-b', '"a\\nb".lines().length()': '2', '["a"] + ["b"] == ["a", "b"]': 'true', '"a" in ["a"]': 'true', '["x"].any(x => x == "x")': 'true', '["x"].all(x => x == "y")': 'false',
      '[{ k = "b", v = 1 }, { k = "a", v = 2 }, { k = "b", v = 3 }].group_by(r => r.k).map(g => "${g.key}${g.items.length()}").join(",")': 'a1,b2',
      'if 1 > 2 then "x" else "y"': 'y', '(/srv/a).name': 'a', '(/srv/a).parent': '/srv', '(7 / 2).floor()': '3', '(7 / 2).ceil()': '4',
    });
    expect(expr('[1][4]')).toMatch(/LAB3012/);
    expect(expr('{ a = 1 }.b')).toMatch(/LAB2007/);
  });

  it('are modes, owners, times and ports where those are expected', () => {
    const compiled = lab(app('user = 1000:1000\nscratch /tmp { mode = 01777  owner = 0:0  size = 1MiB }\nport web = 8080/tcp\npublish dns = 53/udp'));
    expect(compiled.errors).toEqual([]);
    expect(compiled.container().user).toBe('1000:1000');
    expect(compiled.value('app.main./tmp.mode')).toBe('01777');
    expect(lab(app('scratch /tmp { mode = 644 }')).helps).toEqual(['`644` is no Mode: it lacks the leading 0 | write `0644`']);
    expect(lab(app('env { X = 04:00 }')).errors[0]).toMatch(/LAB3003/);
    expect(lab(app('port web = 99999')).errors[0]).toMatch(/LAB3003/);
    expect(lab(app('port web = 80/icmp')).errors[0]).toMatch(/LAB3003/);
    expect(lab(app('shm = 8gib')).helps[0]).toContain('8GiB');
    expect(lab(app('shm = 8G')).helps[0]).toContain('8GiB');
    expect(lab(app('shm = 8m')).errors[0]).toMatch(/LAB3001/);
    expect(expr('007')).toMatch(/LAB|007/);
    expect(expr('https://x')).toMatch(/LAB/);
  });

  it('are schedules', () => {
    const compiled = lab('repository two { url = "/x"  password = restic_password  every = weekly at 04:30 }\nrepository three { url = "/y"  password = restic_password  every = hourly }');
    expect(compiled.value('two.every')).toBe('weekly at 04:30');
    expect(compiled.value('three.every')).toBe('hourly');
    expect(lab('repository two { url = "/x"  password = restic_password  every = daily at 25:00 }').errors[0]).toMatch(/LAB3003/);
    expect(lab('repository two { url = "/x"  password = restic_password  every = 1d }').errors[0]).toMatch(/LAB3001/);
  });
});
