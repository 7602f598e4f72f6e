/** LAB5xxx: what contradicts itself or the real systems, found on the whole plan, and what the lock cannot hold. */
import { defineDiagnostics, message } from '../define.js';

export const proofs = defineDiagnostics({
  lockTooNew: {
    code: 'LAB5901', severity: 'error',
    message: message`lab.lock has the form ${'found'}, and this labc reads up to ${'known'}`,
    help: message`use the version of labc that wrote the file`,
    explain: 'A newer labc wrote the lock and may have recorded what this one does not understand. Building with it could lose allocations, so labc stops and leaves the file alone.\n\nPin one version of labc for everybody who builds the lab.',
  },
  allocationMoved: {
    code: 'LAB5902', severity: 'warning',
    message: message`${'value'} is written down for ${'holder'}, but lab.lock holds it for \`${'subject'}\`, which will get another`,
    help: message`write another value here to leave the other in peace`,
    explain: 'What is written down wins over what labc chose. The one that had the value gets a new one at the next build: an address or VMID of a machine that runs already changes.\n\nChoose a value outside the range that labc allocates from, or accept the move.',
  },
});
