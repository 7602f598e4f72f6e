/** Any text in a Compose file's free places reaches a container unchanged, as the real Compose reads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emitCompose } from '../../compiler/emit/compose/index.js';
import { container, emptyPlan, instance } from '../fixtures/plan-base.js';
import { describeWithTool } from '../support/tools.js';

const character = fc.oneof(fc.constantFrom(...'$${}"\'\\\n\t #:-%`!&*|>[]~'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }));
const text = fc.array(character, { maxLength: 24 }).map((characters) => characters.join('')).filter((value) => !value.includes('\0'));
const texts = fc.sample(text, { numRuns: 600, seed: 3 });

describeWithTool('docker compose', (compose) => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'labc-compose-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  test('in commands, environment, labels, health checks and logging', async () => {
    const named = (prefix: string) => texts.map((value, i) => ({ name: `${prefix}${i}`, value }));
    const app = container('app', 'busybox:1', {
      command: texts, environment: named('E'), labels: named('l'), logging: { driver: 'journald', options: Object.fromEntries(texts.map((value, i) => [`o${i}`, value])) },
      ready: { test: { how: 'shell', command: texts.join('') }, every: null, timeout: null, retries: null, grace: null, atStart: null },
    });
    writeFileSync(join(folder, 'compose.yaml'), emitCompose({ ...emptyPlan, instances: [instance('app', 'box', { containers: [app] })] })[0]!.text);
    const result = await compose.run(['config', '--format', 'json'], { cwd: folder, env: { HOME: '/nowhere', l: 'set' } });
    expect(result.stderr).toBe('');
    const service = JSON.parse(result.stdout).services.app;
    const read = (value: string): string => value.replaceAll('$$', '$');
    expect(service.command.map(read)).toEqual(texts);
    expect(texts.map((_, i) => read(service.environment[`E${i}`]))).toEqual(texts);
    expect(texts.map((_, i) => read(service.labels[`l${i}`]))).toEqual(texts);
    expect(texts.map((_, i) => read(service.logging.options[`o${i}`]))).toEqual(texts);
    expect(service.healthcheck.test.map(read)).toEqual(['CMD-SHELL', texts.join('')]);
  });
});
