/**
 * Small local images under the names that the converged lab pulls. What answers in them is busybox, but along the lab's
 * own wiring: the ingress reads the rendered routes and forwards by host name over the machine's container network, and
 * the notes app reads its secret and its rendered file and asks its database.
 */
import { httpImage, postgresImage } from '../rig/index.js';
import type { ImageFile, ImageSpec } from '../rig/index.js';

export const labImages: readonly ImageSpec[] = [
  ingress('docker.io/library/traefik:v3.6.1'),
  httpImage('docker.io/vaultwarden/server:1.35.2', { ports: [8080], pages: { '/': 'vault\n', '/alive': 'alive\n' } }),
  postgresImage('docker.io/library/postgres:17'),
  withPage(httpImage('docker.io/library/hello:1.0', { ports: [8081] }), 'page', 'cat /etc/hello/page.txt'),
  withPage(httpImage('docker.io/library/notes:1.0', { ports: [8000] }), 'state', `
echo "secret $(cat "$DB_PASSWORD_FILE")"
echo "born $(wget -q -O - "http://$DB_HOST:5432/born")"
cat /etc/notes/notes.conf`),
];

/** An image that answers `/cgi-bin/NAME` with what a shell program prints. */
function withPage(image: ImageSpec, name: string, body: string): ImageSpec {
  return { ...image, files: { ...image.files, [`/www/cgi-bin/${name}`]: program(`printf 'Content-Type: text/plain\\r\\n\\r\\n'\n${body}`) } };
}

/** A Traefik that reads the routes of its file provider, and knows `healthcheck`. */
function ingress(name: string): ImageSpec {
  const traefik = `
if [ "$1" = healthcheck ]; then exec wget -q -O /dev/null http://127.0.0.1:8082/ping; fi
trap 'exit 0' TERM INT QUIT
for port in 80 443 8082; do nc -ll -p "$port" -e /bin/forward & done
wait`;
  const forward = `
exec 2>/dev/null
read -r _ path _
host=''
while read -r name value && [ "$name" != "$(printf '\\r')" ]; do
  if [ "$(echo "$name" | tr A-Z a-z)" = host: ]; then host="\${value%$(printf '\\r')}"; fi
done
url="$(awk -v host="$host" '
  /^  routers:/ { part = "routers" }
  /^  services:/ { part = "services" }
  /^    [^ ]/ { name = $1 }
  part == "routers" && /rule:/ && index($0, "Host(\`" host "\`)") && !index($0, "PathPrefix") { wanted = name }
  part == "services" && name == wanted && /- url:/ { print $3; exit }
' /etc/traefik/dynamic/lab.yaml)"
status='404 Not Found' body=''
if [ "$path" = /ping ]; then status='200 OK'
elif [ -n "$url" ]; then status='502 Bad Gateway'; if body="$(wget -q -O - "$url$path")"; then status='200 OK'; fi; fi
printf 'HTTP/1.0 %s\\r\\nContent-Type: text/plain\\r\\nContent-Length: %s\\r\\n\\r\\n%s' "$status" "\${#body}" "$body"`;
  return { name, files: { '/bin/traefik': program(traefik), '/bin/forward': program(forward) }, command: ['traefik'], ports: ['80/tcp', '443/tcp', '443/udp'] };
}

function program(body: string): ImageFile {
  return { text: `#!/bin/sh\n${body}\n`, mode: 0o755 };
}
