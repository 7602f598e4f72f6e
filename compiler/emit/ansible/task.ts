/**
 * Tasks as data for the YAML writer, in the one order of keys that all of them have. Two kinds of text meet here:
 * what the emitter writes itself (`step`) may hold Jinja; what comes from the plan (`literalValue`) arrives as it is.
 */
import type { ModuleCall, TaskExpression } from '../../bindings/ansible-module.js';
import type { PlanData, PlanTemplate } from '../../plan/data.js';
import { jinjaString } from '../jinja/string.js';
import { holeExpression } from './sealed.js';

export type AnsibleTask = Readonly<Record<string, unknown>>;

/** Keywords of a task beside its name and module, in the order in which they are written. */
export interface TaskKeywords {
  readonly vars?: Readonly<Record<string, unknown>> | undefined;
  readonly environment?: unknown;
  readonly loop?: string | undefined;
  readonly loop_control?: Readonly<Record<string, unknown>> | undefined;
  readonly register?: string | undefined;
  readonly when?: string | readonly string[] | undefined;
  readonly changed_when?: string | boolean | undefined;
  readonly failed_when?: string | boolean | undefined;
  readonly check_mode?: boolean | undefined;
  readonly ignore_errors?: string | undefined;
  readonly notify?: readonly string[] | undefined;
  readonly no_log?: boolean | undefined;
  readonly diff?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly become?: boolean | undefined;
  readonly delegate_to?: string | undefined;
}

const KEYWORDS: readonly (keyof TaskKeywords)[] = [
  'vars', 'environment', 'loop', 'loop_control', 'register', 'when', 'changed_when', 'failed_when', 'check_mode', 'ignore_errors', 'notify', 'no_log', 'diff', 'tags', 'become', 'delegate_to',
];

/** A task of the emitter's own. Its arguments are typed by the module; their text may hold Jinja. */
export function step(name: string, call: ModuleCall<string, object>, keywords: TaskKeywords = {}): AnsibleTask {
  return { name, [call.module]: resolve(call.args), ...ordered(keywords) };
}

/** An argument that is no text by type: a list, a number or a switch that a variable holds. */
export function jinja(expression: string): TaskExpression & { readonly text: string } {
  return { $: 'jinja', text: expression };
}

/** A task with arguments of the plan, which `literalValue` made. */
export function literalTask(name: string, module: string, args: unknown, keywords: TaskKeywords): AnsibleTask {
  return { name: plainName(name), [module]: module === 'ansible.builtin.command' ? unexpanded(args) : args, ...ordered(keywords) };
}

/** The module of commands fills `$HOME` and `~` in by itself, unless it is told not to. */
export function unexpanded(args: unknown): unknown {
  return /[$~]/.test(JSON.stringify(args)) ? { ...(args as object), expand_argument_vars: false } : args;
}

/** A value of the plan: every text arrives as it is, and holes become expressions. */
export function literalValue(value: PlanData): unknown {
  if (typeof value === 'string') return literalText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly PlanData[]).map(literalValue);
  switch ((value as { readonly $?: unknown }).$) {
    case 'template': return templateText(value as PlanTemplate);
    case 'asset': return literalText((value as { readonly path: string }).path);
    case 'decimal': return value;
    default: return Object.fromEntries(Object.entries(value as Readonly<Record<string, PlanData>>).map(([key, item]) => [key, literalValue(item)]));
  }
}

/**
 * Text that Ansible must not take for a template, in a form that linters read as well (they do not know `!unsafe`):
 * one line stands in a raw block, longer text has its opening braces as expressions, since a block takes a line end
 * with it. Jinja rewrites carriage returns, so text with those travels in base64. `#jinja2:` at the start sets options.
 */
export function literalText(text: string): string {
  if (!/\{[{%#]|^#jinja2:/.test(text)) return text;
  if (text.includes('\r')) return `{{ ${jinjaString(text)} }}`;
  if (/^[^\s#].*\S$/.test(text) && !text.includes('endraw')) return `{% raw %}${text}{% endraw %}`;
  return text.replace(/\{[{%#]|^#(?=jinja2:)/g, (opening) => `{{ '${opening}' }}`);
}

/** Names are templates too, and they are for people: braces are set apart. Linters want them to start with a capital. */
export function plainName(name: string): string {
  const apart = name.replace(/\{(?=[{%#])/g, '{ ').replace(/\s+/g, ' ').trim();
  return apart.charAt(0).toUpperCase() + apart.slice(1);
}

function templateText(template: PlanTemplate): string {
  const parts = template.parts.map((part) => (typeof part === 'string' ? jinjaString(part) : `(${holeExpression(part)})`));
  return parts.length === 0 ? '' : `{{ ${parts.join(' ~ ')} }}`;
}

function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  if ((value as { readonly $?: unknown }).$ === 'jinja') return `{{ ${(value as { readonly text: string }).text} }}`;
  if ((value as { readonly $?: unknown }).$ !== undefined) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
}

function ordered(keywords: TaskKeywords): Record<string, unknown> {
  return Object.fromEntries(KEYWORDS.flatMap((key) => (keywords[key] === undefined ? [] : [[key, keywords[key]] as const])));
}
