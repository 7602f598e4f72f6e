/** A process that builds over the real disk and kills itself, with SIGKILL, before a given step of writing. */
import { nodeDisk } from '../../compiler/cli/node-host.js';
import type { Disk } from '../../compiler/host/disk.js';
import { recover } from '../../compiler/output/recover.js';
import { writeLab, type Build } from '../../compiler/output/write-lab.js';

const [build = '', out = '', killed = ''] = process.argv.slice(2);
let steps = 0;
function step<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    if (steps++ === Number(killed)) process.kill(process.pid, 'SIGKILL');
    act(...args);
  };
}
const disk: Disk = {
  ...nodeDisk,
  createFolder: step(nodeDisk.createFolder), write: step(nodeDisk.write), rename: step(nodeDisk.rename),
  remove: step(nodeDisk.remove), removeFolder: step(nodeDisk.removeFolder),
};
recover(disk, out);
writeLab(disk, JSON.parse(build) as Build, { out, force: false });
process.stdout.write('lived');
