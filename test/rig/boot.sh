#!/usr/bin/env bash
# Boots one machine of the rig, in a mount namespace of its own (machine.ts starts it so): what is mounted here goes
# away with the last process. The process becomes systemd-nspawn, so its signals are nspawn's: TERM powers it off.
#
# usage: boot.sh TREE FOLDER NAME BRIDGE      FOLDER/files is copied over the tree; FOLDER/user names the user to make
set -euo pipefail
tree="$1" folder="$2" name="$3" bridge="$4"

mkdir -p "$folder"/{upper,work,root,docker,containerd}
mount -t overlay rig -o "lowerdir=$tree,upperdir=$folder/upper,workdir=$folder/work" "$folder/root"
root="$folder/root"

user="$(cat "$folder/user")"
chroot "$root" useradd --create-home --shell /bin/bash "$user"
cp -a --no-preserve=ownership "$folder/files/." "$root/"
mkdir -p "$root/home/$user/.ssh"
cp "$folder/key.pub" "$root/home/$user/.ssh/authorized_keys"
chroot "$root" chown -R "$user:$user" "/home/$user"
chmod 700 "$root/home/$user/.ssh"
chmod 600 "$root/home/$user/.ssh/authorized_keys"
chmod 440 "$root/etc/sudoers.d/rig"

# The engine's storage is not on the overlay, so that it can use overlayfs itself instead of copying whole layers.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
exec systemd-nspawn --quiet --directory="$root" --machine="$name" --hostname="$name" --register=no --keep-unit \
  --network-bridge="$bridge" --resolv-conf=off --timezone=off --link-journal=no \
  --capability=all --system-call-filter='add_key keyctl bpf' \
  --bind="$folder/docker:/var/lib/docker" --bind="$folder/containerd:/var/lib/containerd" --boot
