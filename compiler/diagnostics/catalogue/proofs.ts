/** LAB5xxx: what contradicts itself or the real systems, found on the whole plan, and what the lock cannot hold. */
import { defineDiagnostics, message } from '../define.js';

export const proofs = defineDiagnostics(() => ({
  // ------------------------------------------------------------------------------------------------ networks
  duplicateAddress: {
    code: 'LAB5001', severity: 'error', message: message`${'address'} is the address of ${'first'} and of ${'second'}`, help: message`${'help'}`,
    explain: 'Two machines with one address answer each other\'s packets, now one, now the other. Machines, devices, appliances, nodes and gateways of the lab share the space of addresses.\n\nWrite another address, or `address = auto` and let labc choose from the network\'s `allocate`. A device, appliance or bare machine may have the address that a network names as its gateway, and so may a machine that forwards packets: it is the gateway.',
  },
  addressOutside: {
    code: 'LAB5002', severity: 'error', message: message`${'address'} of ${'machine'} lies outside ${'network'}, which is ${'cidr'}`, help: message`write an address from ${'first'} to ${'last'}`,
    explain: 'A machine reaches its neighbours and its gateway only from an address inside the network of its NIC.\n\nWrite an address of the network, or put the NIC into the network that the address belongs to.',
  },
  reservedAddress: {
    code: 'LAB5003', severity: 'error', message: message`${'address'} of ${'machine'} is the ${'role'} address of ${'cidr'}`, help: message`write an address from ${'first'} to ${'last'}`,
    explain: 'The first address of a network names the network, the last reaches everybody in it. Neither can belong to a machine.',
  },
  gatewayOutside: {
    code: 'LAB5004', severity: 'error', message: message`the gateway ${'gateway'} of ${'what'} cannot be reached from ${'cidr'}`, help: message`a gateway has an address from ${'first'} to ${'last'}`,
    explain: 'Packets that leave a network go to the gateway first, so the gateway must be a neighbour: its address lies inside the network, and is neither its first nor its last.',
  },
  networkOverlap: {
    code: 'LAB5005', severity: 'error', message: message`the networks ${'first'} (${'firstCidr'}) and ${'second'} (${'secondCidr'}) overlap`, help: message`give one of them a range of its own, or a longer prefix`,
    explain: 'A router cannot tell which of two overlapping networks an address belongs to. Ranges of private addresses are plenty: one /24 for each network is the usual plan.',
  },
  duplicateMac: {
    code: 'LAB5006', severity: 'error', message: message`${'first'} and ${'second'} have the same MAC ${'mac'}`, help: message`leave out \`mac\` in one of them: labc makes one that is unique`,
    explain: 'A switch sends frames for one MAC to one port. With two cards of the same MAC the network works for a moment for each in turn.\n\nThis happens when a machine is copied with its MAC. Remove the line from the copy.',
  },
  duplicateVlan: {
    code: 'LAB5008', severity: 'error', message: message`the networks ${'first'} and ${'second'} are both ${'tag'} on the bridge ${'bridge'}`, help: message`give one of them a \`vlan\` of its own`,
    explain: 'Two networks with one tag on one bridge are one wire: their machines see each other\'s broadcasts, and whoever hands out addresses answers both. What is meant to be apart needs a tag of its own.',
  },
  prefixLength: {
    code: 'LAB5009', severity: 'error', message: message`/${'prefix'} is no prefix length for ${'machine'}`, help: message`Proxmox takes prefixes from /8 to /32`,
    explain: 'Proxmox refuses static addresses in networks wider than /8. It is almost always a typing error: home networks are /24.',
  },
  duplicateRoute: {
    code: 'LAB5010', severity: 'error', message: message`${'url'} leads to ${'first'} and to ${'second'}`, help: message`change the \`host\` of one of them, or give it a \`path\``,
    explain: 'An ingress sends a request on by its host and path. Two routes with the same ones leave it to chance who answers.',
  },
  conflictingName: {
    code: 'LAB5011', severity: 'error', message: message`the name ${'name'} means ${'first'} and ${'second'}`, help: message`rename one of them`,
    explain: 'A DNS name with several addresses gives now one, now the other, and a CNAME may not stand beside anything else. Names of machines, devices and routes share the lab\'s zone.\n\nA machine and a route of the same name are the usual reason: the route\'s name points at the ingress, the machine\'s at the machine.',
  },
  hostPortTaken: {
    code: 'LAB5012', severity: 'error', message: message`port ${'port'} of ${'machine'} is taken by ${'first'}, and ${'second'} wants it too`, help: message`write another \`host_port\` on one of them; a plain \`port\` gets a free one by itself`,
    explain: 'One port of one address belongs to one program. The container that starts second fails with "address already in use".\n\nOnly a port that people type by hand needs to be written down; every other one is found by its readers themselves.',
  },
  // ------------------------------------------------------------------------------------------------ machines
  duplicateVmid: {
    code: 'LAB5101', severity: 'error', message: message`${'first'} and ${'second'} both have the VMID ${'vmid'} in ${'cluster'}`, help: message`write another one, or leave out \`vmid\`: labc chooses a free one`,
    explain: 'Virtual machines and containers of a cluster share one space of numbers. A machine with kept disks takes a second number, for the stopped machine that owns these disks.',
  },
  vmidRange: {
    code: 'LAB5102', severity: 'error', message: message`${'vmid'} of ${'machine'} is no VMID`, help: message`VMIDs lie between 100 and 999999999`,
    explain: 'Proxmox keeps the numbers below 100 for itself and takes at most nine digits.',
  },
  machineName: {
    code: 'LAB5103', severity: 'error', message: message`\`${'name'}\` cannot be a host name`, help: message`a machine's name has letters, digits and inner \`-\`, at most 63 of them`,
    explain: 'The name of a machine becomes its host name, its name in DNS and in Proxmox. All three take letters, digits and `-`, which may not be first or last, and no more than 63 characters.',
  },
  duplicateMachine: {
    code: 'LAB5104', severity: 'error', message: message`the machines ${'first'} and ${'second'} have the same host name`, help: message`rename one of them; upper and lower case make no difference in host names`,
    explain: 'Host names are compared without regard to case, so two machines whose names differ only in that answer to one name.',
  },
  tagForm: {
    code: 'LAB5105', severity: 'error', message: message`Proxmox does not take the tag \`${'tag'}\` as it is`, help: message`write \`${'suggestion'}\`: tags have lower-case letters, digits, \`_\`, \`-\`, \`+\` and \`.\`, and start with a letter, digit or \`_\``,
    explain: 'Proxmox refuses other characters and writes tags in lower case. A tag with capitals comes back different, so that every plan would want to change it.',
  },
  memoryFloor: {
    code: 'LAB5106', severity: 'error', message: message`${'machine'} has ${'memory'} of memory, less than Proxmox takes`, help: message`write at least ${'least'}`,
    explain: 'The provider takes virtual machines from 64 MiB and containers from 16 MiB. Systems of today want half a gibibyte to be of use.',
  },
  coresRange: {
    code: 'LAB5107', severity: 'error', message: message`${'machine'} cannot have ${'cores'} cores`, help: message`write a number from 1 to ${'most'}`,
    explain: 'The provider takes 1 to 2304 cores for a virtual machine and 1 to 128 for a container.',
  },
  slotInvalid: {
    code: 'LAB5108', severity: 'error', message: message`${'machine'} has no slot \`${'slot'}\``, help: message`${'help'}`,
    explain: 'A virtual machine has the slots ide0 to ide3, sata0 to sata5, scsi0 to scsi30 and virtio0 to virtio15, hostpci0 to hostpci15 for devices and usb0 to usb13. With the chipset q35 only ide0 and ide2 work.',
  },
  slotTaken: {
    code: 'LAB5109', severity: 'error', message: message`the slot ${'slot'} of ${'machine'} is taken by ${'first'}, and ${'second'} wants it too`, help: message`write another slot, or leave it out: labc chooses a free one`,
    explain: 'One slot holds one thing, be it a disk, a raw disk of the node or the drive with the settings for cloud-init.',
  },
  tooManyDisks: {
    code: 'LAB5110', severity: 'error', message: message`${'machine'} has ${'count'} disks, and a virtual machine takes ${'most'}`, help: message`join some of them, or move something to another machine`,
    explain: 'The provider manages at most 31 disks of a machine, raw disks of the node included.',
  },
  diskSerial: {
    code: 'LAB5111', severity: 'error', message: message`the serial number \`${'serial'}\` of ${'disk'} is not one that a disk can have`, help: message`it has at most 20 letters, digits and \`-_.\`: give the disk a shorter name`,
    explain: 'The machine finds its disks by serial number, which the bus cuts after 20 bytes. A longer one would not be found, or be taken for another disk.',
  },
  duplicateSerial: {
    code: 'LAB5112', severity: 'error', message: message`${'first'} and ${'second'} of ${'machine'} have the same serial number \`${'serial'}\``, help: message`give one of the disks another name`,
    explain: 'The machine finds its disks by serial number. With the same number on two disks, either may be mounted, or formatted, in place of the other.',
  },
  tooManyNics: {
    code: 'LAB5113', severity: 'error', message: message`${'machine'} has ${'count'} network cards, and ${'kind'} takes ${'most'}`, help: message`use fewer networks here, and let a machine that routes reach the others`,
    explain: 'Proxmox gives a virtual machine up to 32 cards; the provider gives a container up to 10.',
  },
  deviceTaken: {
    code: 'LAB5114', severity: 'error', message: message`${'device'} of node ${'node'} is given to ${'first'} and to ${'second'}`, help: message`${'help'}`,
    explain: 'A device that is handed through belongs to one machine at a time: the one that starts second fails. With a raw disk it is worse: two systems that write to one disk destroy what is on it.\n\nGive it to one of them. If only one is ever to run, say `started = false` and `on_boot = false` for the other.',
  },
  duplicateMount: {
    code: 'LAB5115', severity: 'error', message: message`${'first'} and ${'second'} of ${'machine'} are both mounted at ${'path'}`, help: message`mount one of them elsewhere`,
    explain: 'What is mounted second hides what was mounted first.',
  },
  // ------------------------------------------------------------------------------------------------ nodes and storage
  datastoreMissing: {
    code: 'LAB5201', severity: 'error', message: message`node ${'node'} has no datastore \`${'datastore'}\`, where ${'what'} should be`, help: message`${'help'}`,
    explain: 'A machine can only use datastores of the node it stands on. A datastore that several nodes share is written on each of them.',
  },
  contentMissing: {
    code: 'LAB5202', severity: 'error', message: message`the datastore ${'datastore'} of ${'node'} may not hold \`${'content'}\`, which ${'what'} needs`, help: message`${'help'}`,
    explain: 'Proxmox lets a datastore hold only the kinds of content it was told to: `images` are disks of virtual machines, `rootdir` those of containers, `import` images that disks are made from, `vztmpl` templates of containers.\n\nIn Proxmox it is set under Datacenter, Storage; the lab repeats what is set there. A fresh Proxmox allows neither `import` nor `snippets` on `local`.',
  },
  contentImpossible: {
    code: 'LAB5203', severity: 'error', message: message`a datastore of type ${'type'} can never hold \`${'content'}\``, help: message`it may hold ${'possible'}: take \`${'content'}\` out of \`content\` of ${'datastore'}`,
    explain: 'Files (`import`, `iso`, `vztmpl`, `snippets`, `backup`) need a datastore with a file system. LVM, ZFS and Ceph\'s RBD hold only volumes.',
  },
  formatImpossible: {
    code: 'LAB5204', severity: 'error', message: message`${'disk'} has the format ${'format'}, which a datastore of type ${'type'} cannot hold`, help: message`it holds ${'possible'}`,
    explain: 'Block storage (LVM-thin, ZFS, RBD) holds raw volumes; snapshots are its own affair. qcow2 is for datastores with a file system.',
  },
  imageElsewhere: {
    code: 'LAB5205', severity: 'error', message: message`${'machine'} stands on ${'node'}, but its image ${'image'} lies on ${'other'}`, help: message`put the image on a datastore of ${'node'}, or on one that both nodes share`,
    explain: 'A disk is made from an image by the node that the machine stands on, so the image must lie where that node can read it: on a datastore of its own, or on one that is `shared`.',
  },
  coresOver: {
    code: 'LAB5206', severity: 'error', message: message`${'machine'} has ${'cores'} cores, and node ${'node'} has ${'most'}`, help: message`write \`cores = ${'most'}\` or less`,
    explain: 'Proxmox refuses to start a virtual machine with more cores than its node has. Several machines may share the same cores.',
  },
  memoryOver: {
    code: 'LAB5207', severity: 'error', message: message`the machines of node ${'node'} have ${'sum'} of memory together, and it has ${'most'} for them`, help: message`take ${'excess'} away from them, move a machine to another node, or do not start one`,
    explain: 'The memory of a node, less what it keeps for itself (`reserve`), is what its machines share. Ballooning gives memory back only when it is already short, and a machine with a device handed through never does; when it runs out, the kernel kills a machine.\n\nMachines that are neither started nor started on boot do not count.',
  },
  datastoreFull: {
    code: 'LAB5208', severity: 'error', message: message`the disks on ${'datastore'} of ${'node'} take ${'sum'}, and it has ${'most'}`, help: message`make disks smaller, or put ${'excess'} elsewhere`,
    explain: 'This type of datastore reserves every disk in full when it is made: what does not fit cannot be created.',
  },
  datastoreOvercommitted: {
    code: 'LAB5209', severity: 'warning', message: message`the disks on ${'datastore'} of ${'node'} may grow to ${'sum'}, and it has ${'most'}`, help: message`make disks smaller, put ${'excess'} elsewhere, or watch how full it gets`,
    explain: 'Thin disks take only what was written, so more may be promised than there is. When the space runs out, every machine on the datastore stops with errors at once: watch it.',
  },
  // ------------------------------------------------------------------------------------------------ workloads
  duplicateContainer: {
    code: 'LAB5302', severity: 'error', message: message`${'instance'} has two containers called ${'name'}`, help: message`rename one of them`,
    explain: 'Containers of a workload find each other by name. A part brings containers too, named after its `with`.',
  },
  duplicateVolume: {
    code: 'LAB5303', severity: 'error', message: message`the volume ${'name'} on ${'machine'} belongs to ${'first'} and to ${'second'}`, help: message`rename the cache, or the workload, of one of them`,
    explain: 'Named volumes are shared by name over the whole machine. Two workloads with one volume would read and delete each other\'s files.',
  },
  duplicateAlias: {
    code: 'LAB5304', severity: 'error', message: message`${'first'} and ${'second'} are both called ${'name'} on the shared network of ${'machine'}`, help: message`rename one of the workloads`,
    explain: 'Workloads of one machine reach each other over its shared container network by alias. With one alias for two containers, the engine gives now one, now the other.',
  },
  twoWriters: {
    code: 'LAB5305', severity: 'error', message: message`${'first'} and ${'second'} both write to ${'path'} on ${'machine'}`, help: message`${'help'}`,
    explain: 'A state belongs to one workload, which may be stopped, captured and restored at any time. Somebody else who writes to the same folder breaks it, and breaks the copy in the backup.\n\nBind the folder with `read_only = true`, or use another. Folders that several workloads only `bind` (a media library) may be shared: they are nobody\'s state.',
  },
  // ------------------------------------------------------------------------------------------------ start order
  startCycle: {
    code: 'LAB5401', severity: 'error', message: message`starting goes round in a circle: ${'circle'}`, help: message`break one of these: ${'reasons'}`,
    explain: 'A machine is built, converged and restored only when all that it needs at that moment is there: the machine whose export it mounts, the machine it uses as gateway, its image. Here each waits for the next, so none can be first.\n\nUsing an address, a port or a route orders nothing and is never the reason. Take one of the named needs away, or move it to another machine.',
  },
  bootstrapNames: {
    code: 'LAB5402', severity: 'error', message: message`${'machine'} cannot look up names when it is first set up: ${'circle'}`, help: message`add a resolver that is there before: \`fallback = [9.9.9.9]\` on the network ${'network'}`,
    explain: 'Installing packages and pulling images needs names. A machine that asks only resolvers of this lab which themselves cannot start before it, or which it runs itself, never gets its first package, and the lab cannot come back after a power cut.\n\nGive the network a `fallback`: machines that run the lab\'s resolver ask it. Or list an outside resolver beside your own.',
  },
  bootstrapImage: {
    code: 'LAB5403', severity: 'error', message: message`${'instance'} pulls ${'image'} from this lab's own registry, which needs it: ${'circle'}`, help: message`take this image from a registry outside the lab`,
    explain: 'The registry is reached over the ingress, and both are workloads themselves. What they need to start cannot come from them: after the loss of the machine nothing could be pulled.',
  },
  selfMonitor: {
    code: 'LAB5404', severity: 'warning', message: message`${'monitor'} checks ${'machine'}, the machine that it runs on`, help: message`run a second monitor elsewhere: when ${'machine'} is down, nobody tells you`,
    explain: 'A monitor that is down with what it watches reports nothing. Run another one on a second machine, or let an outside service watch this machine.',
  },
  backupOnItself: {
    code: 'LAB5405', severity: 'warning', message: message`the state of ${'instance'} is backed up to ${'repository'}, which lies on the same machine, ${'machine'}`, help: message`use a repository on another machine`,
    explain: 'A copy on the same machine helps after a mistake, and is lost with the original when the machine is. It is no backup on its own.',
  },
  repositoryNotMounted: {
    code: 'LAB5406', severity: 'warning', message: message`the repository ${'repository'} is the folder ${'path'}, and nothing is mounted there on ${'machine'}`,
    help: message`mount the disk or export that holds it on ${'machine'}, such as \`mount ${'path'} { source = NAS.export.NAME }\`; or name a server: \`url = "sftp:USER@HOST:/PATH"\``,
    explain: 'A URL that is a path means that path on each machine that has state to back up. Where no disk, volume or `mount` of the machine holds it, restic makes the folder on the disk of the machine itself: the backup is lost together with what it is a copy of.\n\nMount what holds the repository on every machine that uses it, or write the URL of a server.',
  },
  noWayOut: {
    code: 'LAB5407', severity: 'warning', message: message`the network ${'network'} has no gateway, and nothing else leads out of ${'machines'}`,
    help: message`name the router: \`gateway = ADDRESS\` in \`network ${'network'}\`, or \`nic ${'network'} { gateway = MACHINE }\` where a machine of the lab is it`,
    explain: 'A machine without a gateway reaches its neighbours and nobody else: no package source, no registry of images, no resolver elsewhere. The first convergence would stop at its first package.\n\nA network that leads nowhere on purpose is fine as a second NIC. Where a machine has no other one, and finds packages beside it, give the network the gateway that it would have and write `gateway = none` in the NIC.',
  },
  // ------------------------------------------------------------------------------------------------ the lock
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
}));
