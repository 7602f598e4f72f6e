/** LAB6xxx: identity over time: what the lab was, what left it, and edits that would lose data. */
import { defineDiagnostics, message } from '../define.js';

export const identity = defineDiagnostics(() => ({
  lockEdited: {
    code: 'LAB6001', severity: 'error', message: message`line ${'line'} of lab.lock was edited by hand: \`${'subject'} ${'value'}\``, help: message`${'help'}`,
    explain: 'Each line of lab.lock ends in a check of the rest of the line. This one does not fit, so that something else than labc has written the line. The lock says what was built: a line that was never built would make labc trust something that is not there.\n\nWhat you want to choose yourself belongs into the sources, where it outranks the lock: `vmid = 605`, `address = 192.168.1.20`, `slot = "scsi3"`.',
  },
  // ------------------------------------------------------------------------------------------------ was
  wasDeclared: {
    code: 'LAB6002', severity: 'error', message: message`\`${'name'}\` cannot have been \`${'former'}\`: ${'why'}`, help: message`${'help'}`,
    explain: '`was` says that one thing has two names, the former and the present. While something is still called by the former name there are two things, and Terraform refuses to move a resource away from an address that is declared. Two things cannot trade names in one step either: give one of them a third name, build and apply, then go on.',
  },
  wasTwice: {
    code: 'LAB6003', severity: 'error', message: message`\`${'first'}\` and \`${'second'}\` both say that they were \`${'former'}\``, help: message`leave the \`was\` with the one that has the data, and take it from the other`,
    explain: 'A thing that is renamed goes on under one name. Where one was split in two, one of them is the old one with its data, the other is new.',
  },
  wasMisplaced: {
    code: 'LAB6004', severity: 'error', message: message`\`was\` means nothing in ${'where'}`, help: message`${'help'}`,
    explain: '`was` stands in the body of what was renamed: a machine, a disk, a `run`, a container, a part made by `with`, a state, a cache, an image, a network, a cluster or a secret. Nodes and datastores have the names that Proxmox gives them. A persona or the body of a workload is shared by several things, which cannot all have been the same one.',
  },
  wasBoth: {
    code: 'LAB6005', severity: 'error', message: message`\`${'name'}\` cannot have been \`${'former'}\`: lab.lock knows both`, help: message`give it a name that was never used here; or, where both lines are left of a merge and the rename was built already, remove the line of \`${'former'}\``,
    explain: 'The lock has a line for the thing under its present name and another for the thing under its former one. So two things were built, and `was` would make them one: the data of one of them would be given up unseen.',
  },
  // ------------------------------------------------------------------------------------------------ retire, allow, move
  unknownPast: {
    code: 'LAB6006', severity: 'error', message: message`\`${'word'} ${'name'}\` names nothing that lab.lock or the lab knows`, help: message`${'help'}`,
    explain: 'What may be retired, moved or changed is what was built: lab.lock lists it, and `labc lock` prints the list. Machines are called by their name, the rest as `carrie.disk.data`, `run.vaultwarden`, `vaultwarden.server.data` (a state).\n\nWhere `labc lock --forget` has ended the memory of it, the statement has done its work: remove it.',
  },
  statementBody: {
    code: 'LAB6007', severity: 'error', message: message`${'what'}`, help: message`${'help'}`,
    explain: '`retire NAME { data = keep }` or `{ data = destroy }`, `allow NAME { change = shrink }`, `move NAME { from = PLACE }`: each says one thing, at the top level of a file.',
  },
  stillThere: {
    code: 'LAB6008', severity: 'error', message: message`the lab retires \`${'name'}\` and declares it`, help: message`remove one of the two: the declaration, or \`retire ${'name'}\``,
    explain: '`retire` lets go of what has left the lab. What is declared has not left.',
  },
  notMoved: {
    code: 'LAB6009', severity: 'error', message: message`\`${'name'}\` does not come from \`${'from'}\`: ${'why'}`, help: message`${'help'}`,
    explain: '`move` tells where the data of a thing lies that has been given another place in the sources, so that it is taken along. lab.lock knows where it was built last; a `move` from anywhere else would bring nothing.',
  },
  idleAllow: {
    code: 'LAB6010', severity: 'warning', message: message`\`allow ${'name'}\` permits \`${'change'}\`, and nothing of it changes that way`, help: message`remove it, so that it permits nothing later`,
    explain: '`allow` lets one edit pass that could lose data. Once it is built, the statement permits nothing any more but the next accident.',
  },
  secretReplaced: {
    code: 'LAB6014', severity: 'warning', message: message`\`${'name'}\` is new and gets a new value, while ${'gone'} left the lab`, help: message`where it is the same under another name, write \`was ${'former'}\` in its body; otherwise go on: the next build says nothing any more`,
    explain: 'A generated secret is made once, kept in the store of secrets under its name, and then known to whatever it was made for: a database keeps the password that it was set up with. Under another name the store makes a new value, which the database refuses. With `was` the entry of the store stays the same one.\n\nIf the app is to have a new password, take it into the database first; then this is only a note.',
  },
  retiredName: {
    code: 'LAB6011', severity: 'error', message: message`\`${'name'}\` is the name of what the lab has retired`, help: message`choose another name; or, when nothing of the old one is left, \`labc lock --forget ${'forget'}\``,
    explain: 'The lock still remembers the retired thing, because its data may still lie somewhere and files in out/ refer to it by this name. Something new under the same name would be taken for it.\n\nTo take the retirement back, restore the sources and lab.lock from Git.',
  },
  retiredVmid: {
    code: 'LAB6013', severity: 'error', message: message`\`${'name'}\` is to have VMID ${'vmid'}, which is that of \`${'other'}\`, which the lab has retired`, help: message`write another \`vmid\`; or, when nothing of the old one is left, \`labc lock --forget ${'other'}\``,
    explain: 'What was retired may still be on the node under its VMID, with its data: Proxmox would refuse the new machine, or labc would take one for the other. VMIDs that labc chooses stay away from it until the retired machine is forgotten.',
  },
  nothingToForget: {
    code: 'LAB6012', severity: 'error', message: message`lab.lock remembers nothing called \`${'name'}\` that was retired or moved`, help: message`${'help'}`,
    explain: '`labc lock --forget NAME` ends the memory of what was retired or moved, once nothing of it is left at its old place: guards and runbook lines for it leave out/ with the next build. What is still built cannot be forgotten. `labc lock` lists what is remembered.',
  },
  // ------------------------------------------------------------------------------------------------ refusals
  machineRemoved: {
    code: 'LAB6101', severity: 'error', message: message`the machine \`${'name'}\` left the lab, and it holds ${'held'}`, help: message`${'help'}`,
    explain: 'Removing a machine from the sources would destroy it, with what lies on it. Say what becomes of the data: `retire carrie { data = keep }` leaves the disks where they are and tells how to get rid of them later, `{ data = destroy }` takes them away in a step of its own.\n\nA machine without kept disks and without states may go without a word. One that was only renamed says `was carrie`.',
  },
  diskRemoved: {
    code: 'LAB6102', severity: 'error', message: message`the disk \`${'name'}\` left the machine, and it was to be kept`, help: message`${'help'}`,
    explain: 'A disk with `keep = true` holds what must survive. Say what becomes of it: `retire carrie.disk.data { data = keep }` or `{ data = destroy }`. A disk that was only renamed says `was data`.',
  },
  instanceRemoved: {
    code: 'LAB6103', severity: 'error', message: message`\`${'name'}\` left the lab, and it has ${'held'}`, help: message`${'help'}`,
    explain: 'The folders of an instance that is gone belong to nobody, are not backed up any more, and the next one of that name finds them. Say what becomes of them: `retire run.notes { data = keep }` stops the containers and leaves the folders, `{ data = destroy }` removes them too. An instance that was only renamed says `was notes`.',
  },
  stateRemoved: {
    code: 'LAB6104', severity: 'error', message: message`the state \`${'name'}\` left the lab`, help: message`${'help'}`,
    explain: 'The folder stays behind with its data, is mounted nowhere and is not backed up any more. Say what becomes of it: `retire notes.server.data { data = keep }` or `{ data = destroy }`. A state or container that was only renamed says `was` in its body.',
  },
  diskShrunk: {
    code: 'LAB6105', severity: 'error', message: message`the disk \`${'name'}\` shrinks from ${'before'} to ${'after'}`, help: message`${'help'}`,
    explain: 'No disk is ever made smaller in place: the provider refuses that for a machine, and replaces a container. The file system above would be cut off in any case.\n\nTo have a smaller disk, declare a second one, copy, and retire the first.',
  },
  slotChanged: {
    code: 'LAB6106', severity: 'error', message: message`${'name'} goes from ${'before'} to ${'after'}`, help: message`${'help'}`,
    explain: 'The slot is how Proxmox knows a disk. The provider does not move a disk to another slot: it deletes the one on the old slot and makes an empty one on the new, and calls that an update in place. A passed device changes its name inside the machine.\n\nThe lock holds slots so that adding or removing another disk never moves one; only `slot = ...` in the sources does.',
  },
  vmidChanged: {
    code: 'LAB6107', severity: 'error', message: message`\`${'name'}\` goes from VMID ${'before'} to ${'after'}`, help: message`${'help'}`,
    explain: 'Proxmox knows a machine by its VMID, and its disks by the VMID of their owner. Another VMID is another machine: the old one is destroyed and an empty one is made.',
  },
  diskMoved: {
    code: 'LAB6108', severity: 'error', message: message`the disk \`${'name'}\` goes from the datastore ${'before'} to ${'after'}`, help: message`${'help'}`,
    explain: 'The data has to be copied before the disk can be used at its new place, and Proxmox refuses to move a disk that belongs to another machine. Said by `move`, the copy becomes a step of its own, and the old place is given up last.',
  },
  mountsChanged: {
    code: 'LAB6109', severity: 'error', message: message`a mount of the container \`${'name'}\` changes: ${'what'}`, help: message`${'help'}`,
    explain: 'The provider replaces a container of Proxmox over any change of its mount points, and the volumes of the old one are destroyed with it.',
  },
  kindChanged: {
    code: 'LAB6110', severity: 'error', message: message`\`${'name'}\` changes from \`${'before'}\` to \`${'after'}\``, help: message`${'help'}`,
    explain: 'A machine of another kind is another machine: the old one is destroyed with its disks before the new one is made from its image.',
  },
  instanceMoved: {
    code: 'LAB6111', severity: 'error', message: message`\`${'name'}\` goes from ${'before'} to ${'after'}, and its data lies on ${'before'}`, help: message`${'help'}`,
    explain: 'On the new machine the instance would start with empty folders. Said by `move`, it is a migration: the data is carried over first, the new place refuses to start before it is there, and the old place is taken down last.',
  },
  machineMoved: {
    code: 'LAB6112', severity: 'error', message: message`the machine \`${'name'}\` goes from ${'before'} to ${'after'}`, help: message`${'help'}`,
    explain: 'Its disks lie on the node. Without more the machine would be destroyed there and made anew elsewhere, empty. Said by `move`, it is a migration with its data.',
  },
  stateMoved: {
    code: 'LAB6113', severity: 'error', message: message`the data of ${'names'} lies below ${'before'} and would be looked for below ${'after'}`, help: message`${'help'}`,
    explain: 'The folder of a state follows from the mount of the kept disk, the instance, the container and the state. When one of them changes, the container starts with an empty folder and the data stays where it was. Said by `move`, it is carried over first.\n\nWhere a name changed, say `was` instead: it maps the folder too.',
  },
  keepChanged: {
    code: 'LAB6114', severity: 'error', message: message`the disk \`${'name'}\` ${'what'}`, help: message`${'help'}`,
    explain: 'A kept disk belongs to a data machine of its own, any other to the machine that uses it. A disk cannot change its owner: the old one is destroyed and an empty one is made.',
  },
  cardMoves: {
    code: 'LAB6115', severity: 'error', message: message`the card \`${'gone'}\` left net${'place'} of \`${'machine'}\`, and \`${'taker'}\` would get its place`, help: message`${'help'}`,
    explain: 'Terraform\'s provider knows the cards of a virtual machine by their place in a row, which cannot have a hole: where one that is not the last is taken away, every card behind it moves up. The system inside then finds another card on each of those places, and nobody reaches it by them until it knows them again, at its next boot at the latest.\n\nA card that stands in another network than before keeps its place and its MAC address by `was`. A container of Proxmox knows its cards by their names, and has no such row.',
  },
}));
