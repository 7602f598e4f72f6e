/** Smaller promises: late values, quantities in odd places, YAML and URLs, files of a lab in any order, recovery over several files. */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

const IMAGE = 'image = "docker.io/library/alpine:3.22.1"';

describe('order never matters', () => {
  it('over files and declarations', () => {
    const first = 'workload w(n: Int = k) {\n needs container_runtime\n container main {\n image = "docker.io/library/alpine:3.22.1"\n env { N = n } } }\n';
    const second = `let k = 7\n${box('run w')}`;
    const a = lab(first, { files: { 'z.lab': second } });
    const b = lab(second, { files: { 'z.lab': first } });
    expect(a.errors).toEqual([]);
    const bare = (text: unknown): string => JSON.stringify(text, (key, value: unknown) => (key === 'origin' || key === 'origins' ? undefined : value));
    expect(bare(a.plan)).toBe(bare(b.plan));
    expect(a.result.lock).toBe(b.result.lock);
  });
  it('building twice is a fixpoint', () => {
    const source = `vm a : box_base { nic lan { address = auto } }\nvm b : box_base { nic lan { address = auto } }`;
    const once = lab(source);
    const twice = lab(source, { lock: once.result.lock ?? '' });
    expect(twice.result.lock).toBe(once.result.lock);
    expect(JSON.stringify(twice.plan)).toBe(JSON.stringify(once.plan));
  });
});

describe('one mistake', () => {
  it('does not hide the next, nor the machine beside it', () => {
    const compiled = lab('vm a : box_base { cores = 8GiB  nic lan { address = 10.0.0.50 } }\nvm b : box_base { memory = 4  nic lan { address = 10.0.0.51 } }\nvm c : nowhere { }');
    expect(compiled.errors.map((error) => error.slice(0, 7))).toEqual(expect.arrayContaining(['LAB3001', 'LAB3001', 'LAB2008']));
    expect(compiled.helps.join()).toMatch(/GiB/);
  });
  it('in a body leaves its other statements', () => {
    expect(lab(app('imaeg = "x"\nenv { A = nope }\nshm = 5')).errors.length).toBe(3);
  });
});

describe('what a lab may say about what it runs', () => {
  it('a request on a machine, appliance or device', () => {
    const compiled = lab(`use apps.traefik\ndevice nas { address = 10.0.0.60\n route web = http(5000) { host = "files.example.net" } }\n${box('run traefik { tls = internal() }\nroute me = http(9090) { host = "me.example.net" }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.plan.routes.map((route) => `${route.url} ${route.upstream}`)).toEqual(['https://me.example.net http://10.0.0.20:9090', 'https://files.example.net http://10.0.0.60:5000']);
  });
  it('parameters of a capability, from persona and machine', () => {
    const source = (more: string): ReturnType<typeof lab> => lab(`capability c(word: String = "default", list: [String] = []) { file /t/x = "\${word} \${list.join(",")}" }\npersona p : box_base { L3 { has c { word = "persona"  list += ["p"] } } }\nvm m : p { nic lan { address = 10.0.0.52 }\n ${more} }`);
    expect(source('').file('/t/x', 'm')).toBe('persona p\n');
    expect(source('has c { word = "machine"  list += ["m"] }').file('/t/x', 'm')).toBe('machine p,m\n');
    expect(source('has c { wrod = "x" }').helps[0]).toMatch(/did you mean `word`/);
  });
  it('a wildcard of things that must be said', () => {
    expect(lab(`workload w(host: Hostname) {\n needs container_runtime\n container main { ${IMAGE} } }\n${box('run w')}`).errors).toEqual([expect.stringMatching(/LAB3004 .*`host`/)]);
    expect(lab(`workload w(host: Hostname) {\n needs container_runtime\n container main { ${IMAGE} } }\n${box('run w { host = "a b" }')}`).errors).toEqual([expect.stringMatching(/LAB3003 .*Hostname/)]);
    expect(lab(`workload w(u: Url) {\n needs container_runtime\n container main { ${IMAGE} } }\n${box('run w { u = "nothing" }')}`).errors).toEqual([expect.stringMatching(/LAB3003 .*Url/)]);
  });
});
