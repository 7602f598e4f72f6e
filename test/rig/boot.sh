#!/usr/bin/env bash
# Boots one machine of the rig, in a mount namespace of its own (machine.ts starts it so): what is mounted here goes
# away with the last process. TERM powers the machine off; it may reboot itself.
#
# usage: boot.sh TREE FOLDER NAME BRIDGE      FOLDER/files is copied over the tree; FOLDER/user names the user to make
set -euo pipefail
tree="$1" folder="$2" name="$3" bridge="$4"

# Every machine has its cgroups to itself, in each hierarchy: two systemds in one would take each other's processes for
# their own. host.ts removes them; they are named after the machine's folder.
while read -r mounted kind; do
  if [[ "$kind" == cgroup2 ]]; then selector='^0::'; else selector="^[0-9]+:([^:]*,)?(name=)?$(basename "$mounted")(,[^:]*)?:"; fi
  group="$mounted$(grep -E "$selector" /proc/self/cgroup | cut -d: -f3-)/$(basename "$folder")"
  mkdir -p "$group"
  for setting in cpuset.cpus cpuset.mems; do
    if [[ -f "$group/$setting" && "$kind" == cgroup ]]; then cat "$(dirname "$group")/$setting" >"$group/$setting"; fi
  done
  echo $$ >"$group/cgroup.procs"
done < <(awk '{ for (i = 7; i <= NF; i++) if ($i == "-") { if ($(i + 1) ~ /^cgroup2?$/) print $5, $(i + 1); break } }' /proc/self/mountinfo)

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

# The machine's own name is in --hostname; what nspawn makes on this side is named after the folder, which is unique.
# A reboot of the machine ends nspawn with 133 under --keep-unit, and somebody has to start it again.
machine="$(basename "$folder")" child='' stopping=no
# shellcheck disable=SC2317 # The trap calls it.
power_off() { stopping=yes; if [[ -n "$child" ]]; then kill -TERM "$child" 2>/dev/null || true; fi; }
trap power_off TERM
trap 'rm -rf "/run/systemd/nspawn/propagate/$machine"' EXIT
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
status=133
while [[ "$status" == 133 && "$stopping" == no ]]; do
  # Every capability, as a host has them, but for those that reach this side's kernel: its clock (timedatectl moves it,
  # even when only the zone is set), its modules and its raw devices. The engine's storage is not on the overlay, so that it can use overlayfs itself
  # instead of copying whole layers.
  setpriv --pdeathsig TERM systemd-nspawn --quiet --directory="$root" --machine="$machine" --hostname="$name" \
    --register=no --keep-unit --network-bridge="$bridge" --resolv-conf=off --timezone=off --link-journal=no \
    --capability=all --drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE,CAP_SYS_RAWIO,CAP_WAKE_ALARM \
    --system-call-filter='add_key keyctl bpf' \
    --bind="$folder/docker:/var/lib/docker" --bind="$folder/containerd:/var/lib/containerd" --boot &
  child=$!
  status=0
  wait "$child" || status=$?
  # A signal ends the wait, not the machine.
  while kill -0 "$child" 2>/dev/null; do wait "$child" || status=$?; done
done
exit "$status"
