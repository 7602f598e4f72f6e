/**
 * Sealed texts: templates that the controller fills in when a play runs, so that no secret is ever in `out/`.
 * They have delimiters of their own, `<<% %>>` for holes, because configuration files are full of `{{ }}` and `${ }`;
 * `SEALED_DELIMITERS` are the matching arguments of ansible.builtin.template. Literal text arrives unchanged.
 *
 * A hole escapes what it holds for the place that its codec put it in. `json`, `yaml` and `toml` stand between
 * double quotes that the codec wrote; `ini` and `env` are lines as they are; `shell` brings its own quotes.
 */
import type { HoleEscape, PlanHole, PlanText } from '../../plan/data.js';
import type { PlanSecret } from '../../plan/plan.js';
import { jinjaString } from '../jinja/string.js';

/** Text of a template file. A plain string has no holes, but its delimiters are escaped all the same. */
export function renderSealed(text: PlanText): string {
  const parts = typeof text === 'string' ? [text] : text.parts;
  const body = parts.map((part) => (typeof part === 'string' ? escapeLiteral(part) : `<<% ${holeExpression(part)} %>>`)).join('');
  // Ansible reads overrides of the delimiters from a first line that starts so.
  return body.startsWith('#jinja2:') ? `${quoted('#')}${body.slice(1)}` : body;
}

/** Arguments of ansible.builtin.template that make `renderSealed`'s delimiters the only ones. */
export const SEALED_DELIMITERS = {
  variable_start_string: '<<%',
  variable_end_string: '%>>',
  block_start_string: '<<!',
  block_end_string: '!>>',
  comment_start_string: '<<#',
  comment_end_string: '#>>',
} as const;

/** The variable that holds a secret in a play: injective, lower case, valid in Ansible. */
export function secretVariable(key: string): string {
  return `lab_secret_${identifier(key)}`;
}

/** The variable that holds a group's number on the machine at hand. */
export function gidVariable(group: string): string {
  return `lab_gid_${identifier(group)}`;
}

/** The name under which Compose finds a group's number in the project's `.env`. */
export function gidEnvironment(group: string): string {
  return gidVariable(group).toUpperCase();
}

/** What a hole is filled with, as an expression without delimiters; it means the same in playbooks and in templates. */
export function holeExpression(hole: PlanHole): string {
  return hole.hole === 'gid' ? gidVariable(hole.group) : escaped(secretVariable(hole.secret), hole.escape);
}

/**
 * The expression, without braces, that asks a secret's source. `store` is the lab's own store of generated secrets,
 * relative to its sources; the variable `lab_source` is the folder of the sources.
 */
export function secretLookup(secret: PlanSecret, store: string | null): string {
  const from = secret.from;
  switch (from.source) {
    case 'env':
      return `lookup('ansible.builtin.env', ${jinjaString(from.variable)}) | default(undef(hint=${jinjaString(
        `Secret ${secret.key} comes from the environment: export ${from.variable} before the play runs.`,
      )}), true)`;
    case 'sops':
      return sopsLookup(from.file, from.key);
    case 'onepassword':
      return `lookup('community.general.onepassword', ${jinjaString(from.item)}, field=${jinjaString(from.field)}, vault=${jinjaString(from.vault)})`;
    case 'generated':
    case 'derived':
      return sopsLookup(store ?? 'secrets.yaml', from.entry);
  }
}

/** The gid of a group that only the machine knows. In a dry run of a bare machine the group may not be there yet. */
export function gidLookup(group: string): string {
  const groups = "ansible_facts['getent_group'] | default({})";
  const name = jinjaString(group);
  const missing = `'0' if ansible_check_mode else undef(hint=${jinjaString(`There is no group ${group} on this machine.`)})`;
  return `(${groups})[${name}][1] if ${name} in (${groups}) else (${missing})`;
}

/** Trailing newlines belong to the secret: OpenSSH refuses a key without its last one. */
function sopsLookup(file: string, key: string): string {
  const path = key.split('/').map((segment) => `[${JSON.stringify(segment)}]`).join('');
  return `lookup('community.sops.sops', lab_source ~ ${jinjaString(`/${file}`)}, extract=${jinjaString(path)}, rstrip=false)`;
}


function escaped(variable: string, escape: HoleEscape): string {
  switch (escape) {
    case 'none':
    case 'ini':
    case 'env':
      return variable;
    case 'json':
    case 'yaml':
    case 'toml':
      return `(${variable} | string | to_json(ensure_ascii=false))[1:-1]`;
    case 'url':
      // Jinja's own filter leaves the slash alone.
      return `${variable} | urlencode | replace('/', '%2F')`;
    case 'shell':
      return `${variable} | quote`;
  }
}

/** Jinja makes every line end a newline, so carriage returns travel as expressions, as do the delimiters. */
function escapeLiteral(text: string): string {
  return text.replace(/<<(?=[%!#])|\r/g, (match) => quoted(match === '\r' ? '\\r' : match));
}

function quoted(text: string): string {
  return `<<% '${text}' %>>`;
}

/** `.` and `-` become two and three underscores; whatever that could confuse is written in hexadecimal. */
function identifier(key: string): string {
  if (/^[a-z0-9]+([._-][a-z0-9]+)*$/.test(key)) return key.replace(/\./g, '__').replace(/-/g, '___');
  return `x____${[...new TextEncoder().encode(key)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
