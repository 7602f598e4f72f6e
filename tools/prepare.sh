#!/usr/bin/env bash
# Prepares the real tools that the proof of labc runs: the Terraform provider, Docker Compose, sops and age from the Go
# module proxy, ansible and ansible-lint from PyPI, just from npm, the Docker engine, systemd-nspawn and the rest from Debian,
# and the tree and packages of the machine that tests boot (tools/machine.sh). A second run does only what changed.
#
# usage: tools/prepare.sh [--no-machine]
#
# Everything lands in one folder that survives fresh clones: $LABC_TOOLS_CACHE, or ${XDG_CACHE_HOME:-~/.cache}/labc-tools,
# or .cache/tools in the repository where there is no home. Its env.sh sets what a shell needs to use the tools; the
# last lines are a table of tool, version and path. The exit code is 1 when a tool is missing.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
repository="$(dirname "$here")"
if [[ -n "${LABC_TOOLS_CACHE:-}" ]]; then cache="$LABC_TOOLS_CACHE"
elif [[ -n "${XDG_CACHE_HOME:-}" ]]; then cache="$XDG_CACHE_HOME/labc-tools"
elif [[ -n "${HOME:-}" && -d "${HOME:-}" ]]; then cache="$HOME/.cache/labc-tools"
else cache="$repository/.cache/tools"; fi
mkdir -p "$cache/bin" "$cache/stamps" "$cache/logs"
cache="$(cd "$cache" && pwd)"

# These two point at files that need not exist on a machine like CI's, and a tool that finds them missing complains.
unset TF_CLI_CONFIG_FILE NODE_EXTRA_CA_CERTS

provider_version=0.112.0
compose_version=v5.5.1
platform="$(uname -s | tr '[:upper:]' '[:lower:]')_$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')"
provider="$cache/terraform/mirror/registry.terraform.io/bpg/proxmox/$provider_version/$platform/terraform-provider-proxmox_v$provider_version"
compose="$cache/docker/cli-plugins/docker-compose"

# What tests and the machine rig need from Debian: the command that proves it is there, and the package that has it.
debian_tools=(
  dockerd:docker.io iptables:iptables systemd-nspawn:systemd-container mmdebstrap:mmdebstrap restic:restic
  shellcheck:shellcheck nft:nftables dpkg-scanpackages:dpkg-dev apt-ftparchive:apt-utils ip:iproute2 ssh:openssh-client
  sshd:openssh-server gpg:gnupg busybox:busybox-static jq:jq
)

say() { printf 'prepare: %s\n' "$*" >&2; }

# Runs a step when its key, a hash of everything that it depends on, differs from the one of its last good run.
# A step whose product was removed by hand runs too.
step() { # name key product command...
  local name="$1" key="$2" product="$3" stamp="$cache/stamps/$1" started=$SECONDS
  shift 3
  if [[ -e "$product" && -f "$stamp" && "$(cat "$stamp")" == "$key" ]]; then return 0; fi
  say "$name ..."
  rm -f "$stamp"
  # Not in a condition: bash ignores `set -e` inside one.
  set +e
  (set -e; "$@") >"$cache/logs/$name.log" 2>&1 </dev/null
  local status=$?
  set -e
  if ((status != 0)); then
    say "$name failed; the end of $cache/logs/$name.log:"
    tail -n 25 "$cache/logs/$name.log" >&2
    return 0
  fi
  printf '%s' "$key" >"$stamp"
  say "$name ready in $((SECONDS - started)) s"
}

# A file counts by what is in it, wherever the clone lies.
key() { { printf '%s\n' "$cache"; for item in "$@"; do if [[ -f "$item" ]]; then cat "$item"; else printf '%s\n' "$item"; fi; done; } | sha256sum | cut -c1-32; }

has() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null; }

install_debian() {
  local entry missing=()
  for entry in "${debian_tools[@]}"; do
    if ! has "${entry%%:*}"; then missing+=("${entry#*:}"); fi
  done
  if ((${#missing[@]} == 0)); then return 0; fi
  if ! has apt-get || [[ "$(id -u)" != 0 ]]; then
    say "missing and not installed (needs apt-get and root): ${missing[*]}"
    return 0
  fi
  # Packages with a daemon start it when they are installed, unless a policy says no.
  local policy=/usr/sbin/policy-rc.d made_policy=no
  if [[ ! -e "$policy" ]]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=yes
  fi
  say "apt-get install ${missing[*]}"
  {
    apt-get update -o DPkg::Lock::Timeout=600 &&
      DEBIAN_FRONTEND=noninteractive apt-get install -y -o DPkg::Lock::Timeout=600 --no-install-recommends "${missing[@]}"
  } >"$cache/logs/debian.log" 2>&1 </dev/null || { say "apt-get failed:"; tail -n 15 "$cache/logs/debian.log" >&2; }
  if [[ "$made_policy" == yes ]]; then rm -f "$policy"; fi
}

build_go() { # module folder, package, product, ldflags
  cd "$here/$1"
  mkdir -p "$(dirname "$3")"
  CGO_ENABLED=0 GOFLAGS=-mod=readonly go build -trimpath -buildvcs=false -ldflags "-s -w $4" -o "$3.new" "$2"
  mv "$3.new" "$3"
}

build_provider() {
  build_go provider github.com/bpg/terraform-provider-proxmox "$provider" "-X main.version=$provider_version"
}

# Without the version the plugin calls itself "dev", and community.docker.docker_compose_v2 refuses to run it.
build_compose() {
  build_go compose github.com/docker/compose/v5/cmd "$compose" \
    "-X github.com/docker/compose/v5/internal.Version=$compose_version"
}

# What opens a lab's store of secrets, and what makes a key for one.
build_secrets() {
  build_go secrets github.com/getsops/sops/v3/cmd/sops "$cache/bin/sops" ''
  build_go secrets filippo.io/age/cmd/age-keygen "$cache/bin/age-keygen" ''
}

# The first Python that ansible-core 2.21 runs on: 3.12 or newer, from the PATH or from pyenv's versions.
find_python() {
  local candidate
  for candidate in python3 python3.12 python3.13 python3.14 "${PYENV_ROOT:-${HOME:-/root}/.pyenv}"/versions/3.1[2-9]*/bin/python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return 0
    fi
  done
  return 1
}

install_ansible() {
  local python
  python="$(find_python)" || { echo "no Python 3.12 or newer with venv"; return 1; }
  rm -rf "$cache/python"
  "$python" -m venv "$cache/python"
  "$cache/python/bin/pip" install --quiet --disable-pip-version-check -r "$here/ansible/requirements.txt"
}

just_version="$(sed -n 's/.*"rust-just-linux-x64": *"\([0-9.]*\)".*/\1/p' "$repository/package.json")"
install_just() {
  local installed="$repository/node_modules/rust-just-linux-x64/bin/just"
  if [[ -x "$installed" && "$("$installed" --version)" == "just $just_version" ]]; then
    rm -f "$cache/bin/just"
    cp "$installed" "$cache/bin/just"
    return 0
  fi
  rm -rf "$cache/npm"
  mkdir -p "$cache/npm"
  npm install --prefix "$cache/npm" --no-save --no-audit --no-fund "rust-just-linux-x64@$just_version"
  ln -sf "$cache/npm/node_modules/rust-just-linux-x64/bin/just" "$cache/bin/just"
}

write_environment() {
  mkdir -p "$cache/terraform" "$cache/docker"
  cat >"$cache/terraform/terraform.rc.new" <<EOF
disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path    = "$cache/terraform/mirror"
    include = ["registry.terraform.io/bpg/*"]
  }
}
EOF
  mv "$cache/terraform/terraform.rc.new" "$cache/terraform/terraform.rc"
  cat >"$cache/env.sh.new" <<EOF
# Written by tools/prepare.sh: source it to use the tools of labc's proof.
unset NODE_EXTRA_CA_CERTS
export LABC_TOOLS_CACHE="$cache"
export TF_CLI_CONFIG_FILE="$cache/terraform/terraform.rc"
export DOCKER_CONFIG="$cache/docker"
export PATH="$cache/bin:$cache/python/bin:\$PATH:/usr/sbin:/sbin"
EOF
  mv "$cache/env.sh.new" "$cache/env.sh"
}

absent=0
row() { # tool, version, path
  if [[ -z "$2" ]]; then
    printf '%-18s %-14s %s\n' "$1" MISSING "$3"
    absent=$((absent + 1))
  else
    printf '%-18s %-14s %s\n' "$1" "$2" "$3"
  fi
}

first_version() { { "$@" 2>/dev/null </dev/null || true; } | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true; }
where() { command -v "$1" || printf '%s' "${2:-not found}"; }

print_table() {
  local entry command package
  # shellcheck source=/dev/null
  source "$cache/env.sh"
  printf '%-18s %-14s %s\n' tool version path
  row terraform "$(first_version terraform version)" "$(where terraform 'not found: install Terraform 1.11 or newer')"
  row provider "$(if [[ -x "$provider" ]]; then printf '%s' "$provider_version"; fi)" "$provider"
  row compose "$(first_version "$compose" version)" "$compose"
  row sops "$(first_version sops --version --disable-version-check)" "$(where sops)"
  row age-keygen "$(if has age-keygen; then sed -n 's/.*filippo.io\/age v\([0-9.]*\).*/\1/p' "$here/secrets/go.mod"; fi)" "$(where age-keygen)"
  row ansible-playbook "$(first_version ansible-playbook --version)" "$(where ansible-playbook)"
  row ansible-lint "$(first_version ansible-lint --version)" "$(where ansible-lint)"
  row just "$(first_version just --version)" "$(where just)"
  row docker "$(first_version docker --version)" "$(where docker)"
  for entry in "${debian_tools[@]}"; do
    command="${entry%%:*}" package="${entry#*:}"
    if has "$command"; then
      row "$command" "$({ dpkg-query -W -f '${Version}' "$package" 2>/dev/null || echo found; } | cut -d+ -f1)" "$(where "$command")"
    else
      row "$command" '' "not found: Debian package $package"
    fi
  done
  if [[ "$with_machine" == yes ]]; then
    row machine-tree "$(cat "$cache/machine/tree.ready" 2>/dev/null || true)" "$cache/machine/tree"
    row machine-packages "$(cat "$cache/machine/packages.ready" 2>/dev/null || true)" "$cache/machine/repository"
  fi
}

with_machine=yes
case "${1:-}" in
  '') ;;
  --no-machine) with_machine=no ;;
  *) echo "usage: tools/prepare.sh [--no-machine]" >&2; exit 2 ;;
esac

# Two runs at once would build into the same files.
exec 9>"$cache/lock"
if has flock; then flock 9; fi

write_environment
step provider "$(key "$here/provider/go.mod" "$here/provider/go.sum" "$platform")" "$provider" build_provider
step compose "$(key "$here/compose/go.mod" "$here/compose/go.sum" "$platform")" "$compose" build_compose
step secrets "$(key "$here/secrets/go.mod" "$here/secrets/go.sum" "$platform")" "$cache/bin/age-keygen" build_secrets
step ansible "$(key "$here/ansible/requirements.txt")" "$cache/python/bin/ansible-lint" install_ansible
step just "$(key "$just_version")" "$cache/bin/just" install_just
install_debian
if [[ "$with_machine" == yes && -f "$here/machine.sh" ]]; then
  step machine "$(key "$here/machine.sh" "$here/compose/go.sum")" "$cache/machine/packages.ready" "$here/machine.sh" "$cache/machine" "$compose"
fi
print_table
if ((absent > 0)); then
  say "$absent missing"
  exit 1
fi
