/**
 * What Proxmox and its provider both take, where they differ the narrower: numbers and forms read from the schemas of
 * qemu-server 9.2.6, pve-container 6.1.10, pve-storage 9.1.7 and the validators of bpg/proxmox 0.111.1.
 */

const MiB = 2 ** 20;

export const VMID = { least: 100, most: 999_999_999 } as const;
export const MEMORY_FLOOR = { vm: 64 * MiB, lxc: 16 * MiB } as const;
export const CORES_MOST = { vm: 2304, lxc: 128 } as const;
export const NICS_MOST = { vm: 32, lxc: 10 } as const;
export const DISKS_MOST = 31;
export const SERIAL_BYTES = 20;
export const PREFIX = { least: 8, most: 32 } as const;

/** Highest number of each bus; the lowest is 0. */
export const BUSES: Readonly<Record<string, number>> = { ide: 3, sata: 5, scsi: 30, virtio: 15 };
export const HOSTPCI_MOST = 15;
export const USB_MOST = 13;

export const TAG = /^[a-z0-9_][a-z0-9_\-+.]*$/;
export const HOST_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;
export const SERIAL = /^[A-Za-z0-9_.-]+$/;

const files = ['vztmpl', 'iso', 'backup', 'snippets', 'import'] as const;
const volumes = ['images', 'rootdir'] as const;

/** What a datastore of each type can hold at all. */
export const STORAGE_CONTENT: Readonly<Record<string, readonly string[]>> = {
  dir: [...volumes, ...files, 'none'], nfs: [...volumes, ...files], cifs: [...volumes, ...files], btrfs: [...volumes, ...files, 'none'],
  cephfs: files, lvm: volumes, lvmthin: volumes, zfspool: volumes, rbd: volumes, iscsi: ['images', 'none'], pbs: ['backup', 'none'], esxi: ['import'],
};

/** Formats of disks by the type of the datastore. */
export const STORAGE_FORMAT: Readonly<Record<string, readonly string[]>> = {
  dir: ['raw', 'qcow2', 'vmdk', 'subvol'], nfs: ['raw', 'qcow2', 'vmdk'], cifs: ['raw', 'qcow2', 'vmdk'], btrfs: ['raw', 'subvol'],
  lvm: ['raw', 'qcow2'], lvmthin: ['raw'], zfspool: ['raw', 'subvol'], rbd: ['raw'],
};

/** Types that reserve a disk in full when it is made. A zfspool does unless it is `sparse`, as the installer makes it. */
export const THICK: readonly string[] = ['lvm', 'iscsi'];
