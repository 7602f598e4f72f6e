/** LAB4xxx: what a lab means: contracts, capabilities, systems, allocation. */
import { defineDiagnostics, message } from '../define.js';

export const lab = defineDiagnostics(() => ({
  unsupportedSystem: {
    code: 'LAB4001', severity: 'error', message: message`${'what'} knows nothing about ${'system'}`, help: message`it supports ${'supported'}`,
    explain: 'The operating system of a machine is known when the lab is compiled. A capability supports the systems that its `on` blocks name.',
  },
  noSystem: {
    code: 'LAB4002', severity: 'error', message: message`${'machine'} has no operating system that labc can converge`, help: message`${'help'}`,
    explain: 'What L3 does depends on the system, and the image says which it is.',
  },
  missingCapability: {
    code: 'LAB4003', severity: 'error', message: message`${'what'} needs \`${'capability'}\`, which nothing on ${'machine'} provides`, help: message`${'help'}`,
    explain: 'L3 says what a machine can do, L4 what it runs: a workload cannot bring its own engine. Add a capability with `has`.',
  },
  unmet: {
    code: 'LAB4004', severity: 'error', message: message`nothing answers this \`${'contract'}\` request`, help: message`${'help'}`,
    explain: 'A request wants a provider: something in the lab that `fulfils` the contract. Run one, or say `decline` in the open.',
  },
  ambiguousProvider: {
    code: 'LAB4005', severity: 'error', message: message`several providers answer this \`${'contract'}\` request equally well: ${'providers'}`, help: message`${'help'}`,
    explain: 'A provider is chosen by `via`, then by standing on the same machine, then by `accepts`, then by being the only one. A tie is decided by you.',
  },
  notUnique: {
    code: 'LAB4006', severity: 'error', message: message`two \`${'contract'}\` requests have the same ${'fields'}: ${'value'}`, help: message`change one of them`,
    explain: 'Some fields of a request name it in a real system (a host and path, a DNS name), so they are unique in the lab.',
  },
  lateRequest: {
    code: 'LAB4007', severity: 'error', message: message`a \`${'contract'}\` request appears after its turn`, help: message`${'help'}`,
    explain: 'Contracts are matched one after the other, so that answering ends. What stands in an `if` or `for` over `requests.NAME` is unfolded at the turn of NAME, so it may ask for contracts whose turn comes later, and for no other.\n\nMove the request out of the `if` or `for`. Where the contract that is read is your own, `derives = [OTHER]` in it gives it an earlier turn than OTHER.',
  },
  wrongProvider: {
    code: 'LAB4008', severity: 'error', message: message`\`${'name'}\` does not fulfil \`${'contract'}\``, help: message`it is fulfilled by ${'providers'}`,
    explain: '`via` names an instance or capability that fulfils the contract.',
  },
  noPool: {
    code: 'LAB4009', severity: 'error', message: message`the network ${'network'} has no addresses to give to ${'machine'}`, help: message`${'help'}`,
    explain: '`address = auto` lets labc choose an address, which lab.lock then holds. It chooses from the range that the network calls `allocate`, so that it never takes one that a router hands out.',
  },
  poolEmpty: {
    code: 'LAB4010', severity: 'error', message: message`no ${'what'} is left in ${'pool'}`, help: message`${'help'}`,
    explain: 'What is not written down is allocated from a range and held by lab.lock. The range is full.',
  },
  lockInvalid: {
    code: 'LAB4011', severity: 'error', message: message`line ${'line'} of lab.lock cannot be read: ${'why'}`, help: message`${'help'}`,
    explain: 'lab.lock is one fact a line, written by labc. It was edited by hand or merged badly.\n\nAfter a merge keep the facts of both sides: their order means nothing, and where two lines speak of one thing labc shows them both (LAB4012).',
  },
  lockConflict: {
    code: 'LAB4012', severity: 'error', message: message`lab.lock says two things about ${'subject'}: ${'first'} and ${'second'}`, help: message`keep the line of the machine that is built already, remove the other`,
    explain: 'Two branches allocated differently and were merged. labc cannot know which one is real.',
  },
  wrongModuleOption: {
    code: 'LAB4013', severity: 'error', message: message`${'module'} has no option \`${'option'}\``, help: message`${'help'}`,
    explain: 'A `task` carries the options of an Ansible module, as its own documentation names them.',
  },
  missingModuleOption: {
    code: 'LAB4014', severity: 'error', message: message`${'module'} needs the option \`${'option'}\``, help: message`write \`${'option'} = ...\``,
    explain: 'The documentation of the module marks this option as required: without it the task would fail on the machine.',
  },
  unknownModule: {
    code: 'LAB4015', severity: 'error', message: message`labc does not know the module ${'module'}`, help: message`${'help'}`,
    explain: 'Modules are written in full (`ansible.builtin.apt`), and labc knows those whose documentation it carries.',
  },
  unguardedCommand: {
    code: 'LAB4016', severity: 'error', message: message`this command would run at every play`, help: message`give it \`creates\`, \`removes\`, or \`play { changed_when = ... }\`, or write an \`ensure\``,
    explain: 'A second run must change nothing. A command without a guard cannot promise that.',
  },
  wrongModuleChoice: {
    code: 'LAB4025', severity: 'error', message: message`\`${'option'}\` of ${'module'} cannot be \`${'value'}\``, help: message`${'help'}`,
    explain: 'The documentation of the module lists what this option may be. Anything else fails on the machine.',
  },
  unprotectedState: {
    code: 'LAB4017', severity: 'error', message: message`${'machine'} holds state ${'why'}`, help: message`${'help'}`,
    explain: 'A new image replaces the machine. State must lie on a disk that survives that, mounted where states are kept; the state of a capability lies where it says, and that is below the mount of such a disk.',
  },
  keptOnContainer: {
    code: 'LAB4026', severity: 'error', message: message`a container of Proxmox cannot keep ${'disk'}`, help: message`leave out \`keep\`, or make ${'machine'} a \`vm\``,
    explain: 'Any change of a mount point makes Terraform destroy the container and its volumes with it, so that nothing on them would be safe. A virtual machine keeps its disks on a machine of their own.',
  },
  contractCircle: {
    code: 'LAB4028', severity: 'error', message: message`\`${'contract'}\` requests can never be answered: they read what \`${'missing'}\` offers, and that waits for them`, help: message`write down what the request needs instead of reading it from the offer`,
    explain: 'Contracts are matched one after the other. A request may read the offers of contracts that come earlier; two that read each other, or one that reads its own offers, would wait for ever.',
  },
  noAddress: {
    code: 'LAB4023', severity: 'error', message: message`${'machine'} has no address that labc knows`, help: message`${'help'}`,
    explain: 'labc converges a machine over SSH, and others name it by its address. One that a router hands out is known to the router only.',
  },
  noRootDisk: {
    code: 'LAB4024', severity: 'error', message: message`${'machine'} has no disk for its system`, help: message`write \`disk root = 16GiB { on = ${'datastore'} }\``,
    explain: 'A machine is made by copying its image onto the disk called `root`, which must be there and large enough.',
  },
  insecureSink: {
    code: 'LAB4018', severity: 'error', message: message`a secret cannot go into ${'sink'}`, help: message`${'help'}`,
    explain: 'What Terraform stores in its state, what Compose shows in labels, commands and images, and what Git holds is no place for a secret.',
  },
  badValue: {
    code: 'LAB4019', severity: 'error', message: message`${'what'}`, help: message`${'help'}`,
    explain: 'The real system that receives this value would refuse it.',
  },
  neverReady: {
    code: 'LAB4020', severity: 'error', message: message`\`${'word'}\` waits for \`${'what'}\`, which ${'why'}`, help: message`${'help'}`,
    explain: '`ready(x)` needs a probe on x, because labc cannot see an image\'s own; `done(x)` needs a job, because a container never ends; `started(x)` needs neither.',
  },
  unreachable: {
    code: 'LAB4021', severity: 'error', message: message`${'reader'} cannot reach ${'target'}: they share no network, and nothing routes between ${'theirs'} and ${'own'}`, help: message`${'help'}`,
    explain: 'An endpoint is read by its address in a network that both machines stand in, or in one that a gateway leads to from both sides.',
  },
  noStore: {
    code: 'LAB4022', severity: 'error', message: message`\`${'secret'}\` is made by labc, but the lab has no store to keep it in`, help: message`write \`lab ${'lab'} { secrets = sops("secrets.yaml") }\``,
    explain: 'Generated and derived secrets are entries of the lab\'s store, made by `labc secrets init`. The store is a file that sops encrypts, beside the sources.',
  },
  noVersion: {
    code: 'LAB4029', severity: 'error', message: message`the image ${'image'} has no version \`${'version'}\``, help: message`${'help'}`,
    explain: 'A machine is made from a version of its image, and each is declared with its address and its checksum: `version "X" { url = ...  sha256 = ... }`. `stable` of an image, and `version` of a machine that stays behind, name one of them.',
  },
  noLogin: {
    code: 'LAB4030', severity: 'error', message: message`of the operators ${'names'}, ${'why'} \`login = true\``, help: message`${'help'}`,
    explain: 'Machines are made with the account of one operator, and Ansible enters them by it. The only operator of a lab is that one; of several, exactly one says `login = true`. Neither files nor lines have an order that would decide: another one would change the cloud-init of every machine.',
  },
  saidTwice: {
    code: 'LAB4027', severity: 'error', message: message`${'first'} and ${'second'} say different things about \`${'kind'} ${'key'}\` on ${'machine'}`, help: message`say the same in both, or take one away: \`has ${'second'} { without ... }\``,
    explain: 'One thing of a machine (a file, a user, a package) has one meaning. Capabilities that name it must agree; what several want to add to belongs into a slot.',
  },
}));
