/** Statements about the lab's own past, which belong to no object: as they are written, for compiler/identity. */
import type { Span } from '../base/span.js';

/** `retire NAME { data = keep }`, `allow NAME { change = shrink }`, `move NAME { from = PLACE }`. */
export interface PastStatement {
  readonly word: 'retire' | 'allow' | 'move';
  /** As it is written: `carrie.disk.data`, `run.notes`. */
  readonly name: string;
  readonly span: Span;
  /** Of `retire`; null where it has no body. */
  readonly data: 'keep' | 'destroy' | null;
  /** Of `allow`. */
  readonly changes: readonly string[];
  /** Of `move`: `carrie`, `pve.maturin`, `local-lvm`, `/srv/old`. */
  readonly from: string | null;
}
