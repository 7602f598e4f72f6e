/** Lowers what follows a change: restarts, reloads, commands, reboots. One handler for each different action. */
import type { Value } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import { shellCommand } from '../emit/shell/quote.js';
import type { PlanHandler } from '../plan/machine.js';

export function handlerOf(action: Value): PlanHandler | null {
  if (!isObject(action) || action.t !== 'variant') return null;
  switch (action.name) {
    case 'restart': case 'reload': {
      const unit = unitOf(action.fields.get('unit') ?? null);
      return { id: `${action.name} ${unit}`, name: `${action.name === 'restart' ? 'Restart' : 'Reload'} ${unit}`, action: { do: action.name, unit } };
    }
    case 'run': {
      const command = (itemsOf(action.fields.get('command') ?? null) ?? []).map((word) => plainText(word) ?? '');
      const line = shellCommand(command);
      return { id: `run ${line}`, name: `Run ${command.length <= 4 && line.length < 60 ? line : (command[0] ?? '')}`, action: { do: 'run', command } };
    }
    case 'daemon_reload': return { id: 'daemon_reload', name: 'Reload systemd', action: { do: 'daemon_reload' } };
    case 'reboot': return { id: 'reboot', name: 'Reboot', action: { do: 'reboot' } };
    default: return null;
  }
}

function unitOf(value: Value): string {
  return isObject(value) && value.t === 'obj' ? value.key : (plainText(value) ?? '');
}
