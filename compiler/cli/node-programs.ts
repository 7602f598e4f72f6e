/** The programs, variables and random numbers of the real machine. */
import type { Programs } from './programs.js';

export const nodePrograms: Programs = {
  run(program, args, options = {}) {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const ran = spawnSync(program, [...args], {
      encoding: options.bytes === true ? 'latin1' : 'utf8', maxBuffer: 64 * 1024 * 1024, env: { ...process.env, ...options.variables },
      ...(options.folder === undefined ? {} : { cwd: options.folder }), ...(options.input === undefined ? {} : { input: options.input }),
    });
    if (ran.error !== undefined && 'code' in ran.error && ran.error.code === 'ENOENT') return undefined;
    return { code: ran.status ?? 1, out: ran.stdout, err: ran.error === undefined ? ran.stderr : ran.error.message };
  },
  variable: (name) => process.env[name],
  random: (bytes) => process.getBuiltinModule('node:crypto').randomBytes(bytes),
  writer: (variable) => `'${process.execPath}' -e 'require("fs").writeFileSync(process.argv[1],process.env.${variable})'`,
};
