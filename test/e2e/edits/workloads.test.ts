/** Edits of what runs on machines: Terraform has nothing to do with them, and no volume may be left behind unseen. */
import { proveEdits } from './prove.js';
import { add, change, line, rename } from './source.js';

const notes = (from: string, to: string) => change('workload notes()', from, to);

proveEdits('workloads', {
  'another image of a container': { threads: 'f3-nation#681', changes: [notes('alpine:3.22.1', 'alpine:3.22.2')], review: { store: 'restart' } },
  'another variable': { threads: 'docker/compose#6256', changes: [notes('TZ = lab.timezone', 'TZ = "UTC"')], review: { store: 'restart' } },
  'another configuration file': { threads: 'docker/compose#6256', changes: [notes('threads = 2', 'threads = 4')], review: { store: 'restart' } },
  'a container more': { threads: 'docker/compose#5406', changes: [line('workload notes()', 'container extra { image = "docker.io/library/busybox:1.37" }')], review: { store: 'in_place' } },
  'rename an instance without saying so': { threads: 'immich-app/immich#4906 arcane#2898', changes: [change('vm store', 'run notes', 'run journal = notes')], refused: 'LAB6103' },
  'rename an instance': { threads: 'immich-app/immich#4906 arcane#2898', changes: [change('vm store', 'run notes', 'run journal = notes { was notes }')], review: { store: 'restart' } },
  'rename a container without saying so': { threads: 'Zipstack/unstract#1612', changes: [notes('container server {', 'container app {')], refused: 'LAB6104' },
  'rename a state without saying so': { threads: 'docker/compose#5406', changes: [notes('state data =', 'state records =')], refused: 'LAB6104' },
  'rename a state and a container': {
    threads: 'docker/compose#5406 Zipstack/unstract#1612', changes: [notes('container server {', 'container app {'), notes('state data =', 'state records ='), change('vm store', 'run notes', 'run notes { container app { was server\nstate records { was data } } }')],
    review: { store: 'restart' },
  },
  'rename a cache': { threads: 'docker/compose#6256', changes: [notes('cache thumbs', 'cache previews')], review: { store: 'restart' } },
  'rename a secret': { threads: 'hashicorp/terraform#18988', changes: [rename('session_key', 'cookie_key'), change('secret cookie_key', 'generated(32) }', 'generated(32); was session_key }')], review: { lab: 'in_place' } },
  'move an instance without saying so': { threads: 'peers.md 5.1', changes: [change('vm store', '  run notes\n', ''), line('vm spare', 'run notes')], refused: 'LAB6111' },
  'move an instance': { threads: 'peers.md 5.1', changes: [change('vm store', '  run notes\n', ''), line('vm spare', 'run notes'), add('move notes { from = store }')], review: { spare: 'restart', store: 'in_place' } },
  'remove an instance without saying so': { threads: 'fleetdm/fleet#32938', changes: [change('vm store', '  run notes\n', '')], refused: 'LAB6103' },
  'remove an instance, its data is kept': { threads: 'fleetdm/fleet#32938', changes: [change('vm store', '  run notes\n', ''), add('retire run.notes { data = keep }')], review: { lab: 'in_place', store: 'restart' } },
  'remove an instance, its data is destroyed': { threads: 'fleetdm/fleet#32938', changes: [change('vm store', '  run notes\n', ''), add('retire run.notes { data = destroy }')], review: { lab: 'in_place', store: 'destroys_data' } },
  'remove a state without saying so': { threads: 'docker/compose#6256', changes: [notes('    state data = /data { owner = 1000:1000  quiesce = stop }\n', '')], refused: 'LAB6104' },
});
