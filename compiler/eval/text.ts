/** Values as text: interpolation, with taint kept as holes. */
import type { Span } from '../base/span.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault } from './context.js';
import type { Hole, Schedule, Template, Time, Value } from './model.js';
import { describe, tagOf } from './value.js';
import type { Cidr, Decimal, Duration, EnumValue, Obj, Owner, Port, Size } from './model.js';

type Part = string | Hole;

/** Joins parts so that adjacent strings never touch; text without a hole is a string. */
export function joinParts(parts: readonly Part[]): string | Template {
  const out: Part[] = [];
  for (const part of parts) {
    const last = out[out.length - 1];
    if (typeof part === 'string' && typeof last === 'string') out[out.length - 1] = last + part;
    else if (part !== '') out.push(part);
  }
  if (out.length === 0) return '';
  return out.length === 1 && typeof out[0] === 'string' ? out[0] : { t: 'template', parts: out };
}

/** A secret that stands inside a URL is percent-encoded there, wherever the text goes: `"postgres://u:${password}@${host}/x"`. */
export function encodeUrls(parts: readonly Part[]): readonly Part[] {
  let before = '';
  return parts.map((part) => {
    if (typeof part === 'string') before += part;
    else if (/[a-z0-9+.-]:\/\//i.test(before.slice(lastBreak(before) + 1))) {
      before += 'x';
      return part.secret !== null && part.escape === 'none' ? { ...part, escape: 'url' } : part;
    } else before += 'x';
    return part;
  });
}

/** Where the word that a text ends with begins. */
function lastBreak(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !' \t\n\r"\'<>`,;'.includes(text[at] as string)) at--;
  return at;
}

export function partsOf(text: string | Template): readonly Part[] {
  return typeof text === 'string' ? [text] : text.parts;
}

/** The text of a value inside `${}`, in pieces. A dimension without a unit is a fault. */
export function interpolate(value: Value, span: Span): readonly Part[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  switch (tagOf(value)) {
    case 'template': return (value as Template).parts;
    case 'obj': {
      const obj = value as Obj;
      if (obj.kind.word === 'secret') return [{ secret: obj, gid: null, escape: 'none' }];
      break;
    }
    case 'late-gid': return [{ secret: null, gid: (value as { group: string }).group, escape: 'none' }];
    case 'size': throw new Fault(types.create.dimensionInText(span, { what: 'a Size', unit: 'MiB' }));
    case 'duration': throw new Fault(types.create.dimensionInText(span, { what: 'a Duration', unit: 's' }));
    case 'none': throw new Fault(types.create.badOperand(span, { op: '${}', operand: 'none', help: 'give a default: `x ?? ""`' }));
    default: {
      const text = plainText(value);
      if (text !== undefined) return [text];
    }
  }
  throw new Fault(types.create.badOperand(span, { op: '${}', operand: describe(value), help: 'only text, numbers and addresses become text; join a list with `.join(", ")`' }));
}

/** A value in a message: as it would be written, or what sort of value it is. */
export function shown(value: Value): string {
  const text = tagOf(value) === 'size' ? sizeText((value as Size).bytes) : tagOf(value) === 'duration' ? durationText((value as Duration).ms) : plainText(value);
  return text === undefined || text === '' || text.length > 40 ? describe(value) : `\`${text}\``;
}

/** A size as it would be written: in the largest unit that leaves nothing over. */
export function sizeText(bytes: number): string {
  const units = [['TiB', 1024 ** 4], ['GiB', 1024 ** 3], ['MiB', 1024 ** 2], ['KiB', 1024], ['B', 1]] as const;
  const [unit, factor] = units.find(([, size]) => bytes !== 0 && bytes % size === 0) ?? ['B', 1];
  return `${bytes / factor}${unit}`;
}

function durationText(ms: number): string {
  const units = [['d', 864e5], ['h', 36e5], ['m', 6e4], ['s', 1e3], ['ms', 1]] as const;
  const [unit, factor] = units.find(([, length]) => ms !== 0 && ms % length === 0) ?? ['s', 1];
  return `${ms / factor}${unit}`;
}

/** The one text form of values that have one. */
export function plainText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  switch (tagOf(value)) {
    case 'decimal': return decimalText(value as Decimal);
    case 'percent': return `${(value as { value: number }).value}%`;
    case 'ip': case 'mac': case 'path': case 'version': case 'mode': case 'date': return (value as { text: string }).text;
    case 'cidr': return `${(value as Cidr).ip.text}/${(value as Cidr).prefix}`;
    case 'port': return String((value as Port).port);
    case 'owner': return `${(value as Owner).uid}:${(value as Owner).gid}`;
    case 'time': return timeText(value as Time);
    case 'enum': return enumText(value as EnumValue);
    default: return undefined;
  }
}

export function enumText(value: EnumValue): string {
  return value.type.members.get(value.member) ?? value.member;
}

export function timeText(time: Time): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${two(time.hour)}:${two(time.minute)}${time.second === 0 ? '' : `:${two(time.second)}`}`;
}

export function decimalText(value: Decimal): string {
  if (value.text !== null) return value.text;
  if (value.n % value.d === 0n) return String(value.n / value.d);
  const digits = (value.n * 10n ** 12n) / value.d;
  const negative = digits < 0n;
  const text = String(negative ? -digits : digits).padStart(13, '0');
  return `${negative ? '-' : ''}${text.slice(0, -12)}.${text.slice(-12).replace(/0+$/, '')}`;
}

const DAYS: Readonly<Record<Schedule['every'], string>> = { hourly: '*-*-* *', daily: '*-*-*', weekly: 'Mon *-*-*', monthly: '*-*-01' };

/** systemd's OnCalendar form. */
export function calendarText(schedule: Schedule): string {
  const at = schedule.at ?? { t: 'time', hour: 0, minute: 0, second: 0 };
  const two = (n: number): string => String(n).padStart(2, '0');
  if (schedule.every === 'hourly') return `${DAYS.hourly}:${two(at.minute)}:${two(at.second)}`;
  return `${DAYS[schedule.every]} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

/** The five fields of cron. */
export function cronText(schedule: Schedule): string {
  const hour = schedule.at?.hour ?? 0;
  const minute = schedule.at?.minute ?? 0;
  switch (schedule.every) {
    case 'hourly': return `${minute} * * * *`;
    case 'daily': return `${minute} ${hour} * * *`;
    case 'weekly': return `${minute} ${hour} * * 1`;
    case 'monthly': return `${minute} ${hour} 1 * *`;
  }
}
