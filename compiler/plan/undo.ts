/**
 * How an item is taken back: the closed list of verbs that `removal` in `.lab` may use. A machine keeps them as data, so a
 * verb that was written once must be understood for good; the role `undo` has the tasks of each.
 */

/** What a verb takes, as `removal` in `.lab` gives it; an optional one ends in `?`. */
export const UNDO_VERBS: Readonly<Record<string, readonly string[]>> = {
  /** With a target only while it is a link that leads there. */
  file_absent: ['path', 'target?'],
  rmdir: ['path'],
  unit_off: ['name'],
  package_absent: ['name'],
  sysctl_absent: ['name', 'file'],
  mount_off: ['path'],
  user_lock: ['name'],
  group_absent: ['name'],
  block_absent: ['path', 'name', 'comment?'],
  stack_down: ['project'],
  network_absent: ['name'],
  nft_table_absent: ['name', 'family?'],
  stamp_absent: ['name'],
  ensure_undo: ['command'],
};
