/** The Ansible modules that the prelude and the emitters may use, by collection: what `task` accepts. */

const BY_COLLECTION = {
  'ansible.builtin': `apt apt_key apt_repository assert blockinfile command copy cron deb822_repository debconf debug
    dpkg_selections fail file find get_url getent group hostname import_role import_tasks include_role include_tasks
    iptables known_hosts lineinfile meta package pause ping raw reboot replace service set_fact setup shell slurp stat
    systemd_service tempfile template unarchive uri user wait_for_connection`,
  'ansible.posix': 'authorized_key firewalld mount seboolean synchronize sysctl',
  'community.crypto': 'openssh_keypair',
  'community.docker': `docker_compose_v2 docker_compose_v2_exec docker_compose_v2_run docker_container_exec docker_image
    docker_network docker_volume`,
  'community.general': `alternatives apk filesystem ini_file locale_gen lvg lvol modprobe pacman pam_limits parted
    timezone ufw zfs zpool`,
};

/** Fully qualified, in order. */
export const MODULES: readonly string[] = Object.entries(BY_COLLECTION).flatMap(([collection, names]) =>
  names.split(/\s+/).map((name) => `${collection}.${name}`),
);
