#!/usr/bin/env bash
# Makes what the machine rig of test/rig boots: the tree of a bare Debian 12 host, and a signed package repository with
# everything that a lab's capabilities install, because a booted machine has no way out.
#
# usage: tools/machine.sh FOLDER COMPOSE_PLUGIN     (as root; called by tools/prepare.sh)
#
#   FOLDER/tree/                 the host: systemd, sshd, python3, sudo, apt, and no container engine
#   FOLDER/repository/debian/    Debian's own packages that the tree lacks, as `debian bookworm main`
#   FOLDER/repository/linux/debian/   Docker's repository in the layout of its publisher, suite bookworm, component stable:
#                                Debian's engine and the built Compose plugin under the publisher's package names
#   FOLDER/repository/key.asc    the throwaway key that signed both
set -euo pipefail

folder="$1" compose="$2"
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
export LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1700000000

# The tree: what Debian's cloud image and its first boot leave on a host, as far as Ansible and systemd need it.
tree_packages=(
  systemd systemd-sysv dbus udev libpam-systemd python3-minimal python3 python3-apt openssh-server sudo iproute2
  ca-certificates procps iputils-ping netbase locales tzdata
)

# What capabilities, primitives and Ansible's modules install on a machine. Their dependencies come along.
repository_packages=(
  docker.io containerd runc tini iptables
  prometheus-node-exporter nftables nfs-common nfs-kernel-server qemu-guest-agent unattended-upgrades restic
  sudo openssh-server curl wget gnupg acl rsync cron jq xz-utils bzip2 systemd-timesyncd parted xfsprogs e2fsprogs
  samba wireguard-tools smartmontools python3-requests python3-docker python3-yaml python3-packaging python3-debian
)

make_tree() {
  local work="$folder/tree.new" sources=/etc/apt/sources.list.d/debian.sources mirror=()
  # The machine's own sources are the ones known to be reachable, when it is a Debian 12 itself.
  if [[ -f "$sources" ]] && grep -q '^Suites:.*\bbookworm\b' "$sources"; then mirror=("$sources"); fi
  rm -rf --one-file-system "$work" "$folder/pool"
  mkdir -p "$folder/pool"
  export LABC_POOL="$folder/pool" LABC_PACKAGES="${repository_packages[*]}"
  # The hook downloads while the new tree's own apt still has its lists, so the versions fit the tree.
  # shellcheck disable=SC2016 # The hook expands its variables itself.
  mmdebstrap --mode=root --variant=apt --format=directory \
    --include="$(IFS=,; printf '%s' "${tree_packages[*]}")" \
    --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "3"' \
    --aptopt='Apt::Install-Recommends "false"' \
    --customize-hook='APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get --yes --download-only install $LABC_PACKAGES' \
    --customize-hook='cp "$1"/var/cache/apt/archives/*.deb "$LABC_POOL"/' \
    --customize-hook='rm -f "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/sources.list "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
    --customize-hook='rm -f "$1"/etc/resolv.conf "$1"/etc/hostname; : > "$1"/etc/machine-id' \
    bookworm "$work" "${mirror[@]}"
  prepare_boot "$work"
  rm -rf --one-file-system "$folder/tree"
  mv "$work" "$folder/tree"
}

# Units that make up for what a container is not: a network interface that somebody else configures, and, where the kernel
# still mounts cgroups of version 1, hierarchies that a container engine inside can write to.
prepare_boot() {
  cat >"$1/etc/systemd/system/rig-network.service" <<'EOF'
[Unit]
Description=The interface of the rig, as a cloud image's first boot would set it
DefaultDependencies=no
After=local-fs.target
Before=network.target network-online.target sysinit.target
Wants=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/etc/rig-network
ExecStart=/bin/sh -c 'ip link set lo up; ip link set host0 name eth0; ip addr add "$ADDRESS" dev eth0; ip link set eth0 up; ip route add default via "$GATEWAY"'

[Install]
WantedBy=sysinit.target
EOF
  cat >"$1/etc/systemd/system/rig-cgroups.service" <<'EOF'
[Unit]
Description=Writable cgroup hierarchies for a container engine inside
DefaultDependencies=no
Before=sysinit.target
ConditionPathIsMountPoint=/sys/fs/cgroup/memory

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for c in cpu cpuacct cpuset memory pids blkio devices freezer; do if mountpoint -q /sys/fs/cgroup/$c; then umount /sys/fs/cgroup/$c && mount -t cgroup -o $c cgroup /sys/fs/cgroup/$c; fi; done'

[Install]
WantedBy=sysinit.target
EOF
  mkdir -p "$1/etc/systemd/system/sysinit.target.wants"
  ln -sf ../rig-network.service ../rig-cgroups.service -t "$1/etc/systemd/system/sysinit.target.wants"
}

# One package out of the files of others. Maintainer scripts are taken from the first.
repack() { # new name, version, control lines, deb...
  local name="$1" version="$2" control="$3" work="$folder/repack/$1" deb
  shift 3
  rm -rf "$work"
  mkdir -p "$work/DEBIAN"
  if (($# > 0)); then dpkg-deb -e "$1" "$work/DEBIAN"; fi
  for deb in "$@"; do dpkg-deb -x "$deb" "$work"; done
  rm -rf "$work/DEBIAN/md5sums" "$work/usr/share/doc" "$work/usr/share/lintian" "$work/usr/share/man"
  printf 'Package: %s\nVersion: %s\nArchitecture: %s\nMaintainer: labc test rig <nobody@labc.invalid>\n%s\n' \
    "$name" "$version" "$(dpkg --print-architecture)" "$control" >"$work/DEBIAN/control"
}

pack() { dpkg-deb --build --root-owner-group -Zgzip "$folder/repack/$1" "$docker_pool/" >/dev/null; }

# The publisher's six packages. Its dockerd lives in /usr/bin and knows --validate (since 23.0), which the library uses
# before it puts daemon.json in place; Debian's 20.10 does not, so a wrapper checks that the file is JSON.
repack_docker() {
  local pool="$folder/pool" engine release='1~debian.12~bookworm' work
  docker_pool="$folder/repository.new/linux/debian/dists/bookworm/pool/stable"
  mkdir -p "$docker_pool"
  engine="5:$(dpkg-deb -f "$pool"/docker.io_*.deb Version | sed 's/+.*//')-$release"

  repack containerd.io "$(dpkg-deb -f "$pool"/containerd_*.deb Version | sed 's/~.*//')-1" \
"Provides: containerd, runc
Conflicts: containerd, runc
Replaces: containerd, runc
Depends: libc6, libseccomp2
Description: containerd and runc as one package
 Debian's containerd and runc under the name of Docker's repository." \
    "$pool"/containerd_*.deb "$pool"/runc_*.deb
  pack containerd.io

  repack docker-ce "$engine" \
"Depends: containerd.io, docker-ce-cli, iptables, adduser, init-system-helpers, libc6, libdevmapper1.02.1, libsystemd0
Recommends: docker-buildx-plugin, docker-compose-plugin
Conflicts: docker.io
Replaces: docker.io
Description: Docker engine
 Debian's docker.io under the name of Docker's repository. A wrapper adds the
 option --validate, which Debian's version lacks: it checks that the file is JSON." \
    "$pool"/docker.io_*.deb "$pool"/tini_*.deb
  work="$folder/repack/docker-ce"
  mkdir -p "$folder/repack/docker-ce-cli/usr/bin" "$work/usr/libexec/docker"
  mv "$work/usr/bin/docker" "$folder/repack/docker-client"
  mv "$work/usr/sbin/dockerd" "$work/usr/libexec/docker/dockerd"
  cat >"$work/usr/bin/dockerd" <<'EOF'
#!/bin/sh
# Answers `dockerd --validate --config-file=PATH`, which this engine is too old for; everything else is the engine's.
case " $* " in
*' --validate '*)
  file=/etc/docker/daemon.json previous=
  for word in "$@"; do
    case "$word" in --config-file=*) file="${word#--config-file=}" ;; esac
    if [ "$previous" = --config-file ]; then file="$word"; fi
    previous="$word"
  done
  python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$file" && echo 'configuration OK' >&2
  exit
  ;;
esac
exec /usr/libexec/docker/dockerd "$@"
EOF
  chmod 755 "$work/usr/bin/dockerd"
  sed -i 's,/usr/sbin/dockerd,/usr/bin/dockerd,' "$work/lib/systemd/system/docker.service"
  # Upstream's package has no init script either; without it systemd alone starts the engine.
  rm -rf "$work/etc/init.d"
  printf '/etc/default/docker\n' >"$work/DEBIAN/conffiles"
  sed -i '/dpkg-maintscript-helper/d' "$work"/DEBIAN/{preinst,postinst,prerm,postrm}
  pack docker-ce

  repack docker-ce-cli "$engine" \
"Depends: libc6
Conflicts: docker.io
Replaces: docker.io
Description: Docker's command
 The docker command of Debian's docker.io under the name of Docker's repository."
  install -D -m 755 "$folder/repack/docker-client" "$folder/repack/docker-ce-cli/usr/bin/docker"
  pack docker-ce-cli

  repack docker-compose-plugin "$("$compose" version --short)-$release" \
"Enhances: docker-ce-cli
Description: Docker Compose, plugin of the docker command
 Built from the Go module proxy by labc's tools/prepare.sh."
  install -D -m 755 "$compose" "$folder/repack/docker-compose-plugin/usr/libexec/docker/cli-plugins/docker-compose"
  pack docker-compose-plugin

  repack docker-buildx-plugin "0.0.0-$release" \
"Enhances: docker-ce-cli
Description: Docker Buildx, empty
 Nothing in a lab builds images, so this package holds no file: it only lets
 the list of packages of Docker's repository install."
  pack docker-buildx-plugin
  rm -rf "$folder/repack"
}

# Index and signature of one suite; apt accepts nothing less from a source with Signed-By.
index() { # root of the repository, suite, component, origin
  local root="$1" suite="$2" component="$3" origin="$4" binary architecture
  architecture="$(dpkg --print-architecture)"
  binary="dists/$suite/$component/binary-$architecture"
  (
    cd "$root"
    mkdir -p "$binary"
    apt-ftparchive packages "${5:-pool}" >"$binary/Packages"
    gzip -9 --no-name --keep --force "$binary/Packages"
    apt-ftparchive -o "APT::FTPArchive::Release::Origin=$origin" -o "APT::FTPArchive::Release::Label=$origin" \
      -o "APT::FTPArchive::Release::Suite=$suite" -o "APT::FTPArchive::Release::Codename=$suite" \
      -o "APT::FTPArchive::Release::Components=$component" -o "APT::FTPArchive::Release::Architectures=$architecture" \
      release "dists/$suite/" >Release.new
    gpg --homedir "$keys" --batch --yes --clearsign --output "dists/$suite/InRelease" Release.new
    mv Release.new "dists/$suite/Release"
  )
}

make_repository() {
  local new="$folder/repository.new"
  rm -rf "$new"
  mkdir -p "$new/debian/pool"
  repack_docker
  # Debian's engine packages would compete with the repacked ones; nothing else is left out.
  find "$folder/pool" -name '*.deb' ! -name 'docker.io_*' ! -name 'containerd_*' ! -name 'runc_*' -exec cp -l {} "$new/debian/pool/" \;

  keys="$(mktemp -d)"
  trap 'gpgconf --homedir "$keys" --kill all; rm -rf "$keys"' EXIT
  gpg --homedir "$keys" --batch --quiet --passphrase '' --quick-generate-key 'labc test rig (throwaway)' rsa3072 sign never
  gpg --homedir "$keys" --armor --export >"$new/key.asc"
  index "$new/debian" bookworm main Debian
  index "$new/linux/debian" bookworm stable Docker dists/bookworm/pool
  rm -rf "$folder/repository"
  mv "$new" "$folder/repository"
}

rm -f "$folder/tree.ready" "$folder/packages.ready"
make_tree
make_repository
printf '%s' "$(cat "$folder/tree/etc/debian_version")" >"$folder/tree.ready"
find "$folder/repository" -name '*.deb' | wc -l | tr -d ' \n' >"$folder/packages.ready"
