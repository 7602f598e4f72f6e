/** Which `on` blocks of a body apply: all that name the nearest system in the machine's line of descent. */
import { lab } from '../diagnostics/catalogue/lab.js';
import { writtenAt } from '../eval/places.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { describe } from '../eval/value.js';
import { labelText } from '../names/program.js';
import type { Head } from '../syntax/ast.js';
import type { Said } from './bodies.js';

const NONE: ReadonlySet<Head> = new Set();

export function nearestBlocks(ev: Evaluator, obj: Obj, { blocks, nearest: known }: Said): ReadonlySet<Head> {
  const first = blocks[0];
  if (first === undefined) return NONE;
  const os = obj.machine?.facts.os ?? null;
  if (os === null) {
    const machine = obj.machine;
    if (machine !== null && machine.facts.incomplete !== true) {
      machine.facts.incomplete = true;
      const at = writtenAt(obj);
      ev.report(lab.create.noSystem(at.span, { machine: machine.key, help: `take this away: the inside of an \`${machine.kind.word}\` is not labc's` }, { labels: at === machine ? [] : [{ span: machine.span, text: `${machine.key} is here` }] }));
    }
    return NONE;
  }
  const applying = known.get(os);
  if (applying !== undefined) return applying;
  const named = (block: Head): string[] => block.entries.map((entry) => labelText(entry.label));
  const nearest = os.lineage.find((name) => blocks.some((block) => named(block).includes(name)));
  if (nearest === undefined) {
    const version = plainText(os.facts.get('version') ?? null) ?? '';
    const what = obj.kind.layer === 'L3' && obj.template === null ? `\`${obj.kind.word}\`` : describe(obj);
    ev.report(lab.create.unsupportedSystem(obj.span, { what, system: `${os.id} ${version}`.trim(), supported: [...new Set(blocks.flatMap(named))].join(', ') }, { labels: [{ span: first.span, text: 'it says here what it supports' }] }));
    return NONE;
  }
  const found = new Set(blocks.filter((block) => named(block).includes(nearest)));
  known.set(os, found);
  return found;
}
