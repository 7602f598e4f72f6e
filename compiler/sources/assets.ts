/** Files that a lab or library names: read on demand, each once, and never from outside the folder. */
import { attempt, HostError, reason, type Host } from '../host/host.js';
import { isWithin, joinPath, normalPath } from '../host/paths.js';
import { decodeUtf8 } from './decode.js';
import { maximumFileSize, type Asset, type AssetFault, type Assets } from './lab-sources.js';

/** The files below the folder `root`. */
export function assetsOf(host: Host, root: string): Assets {
  const known = new Map<string, Asset>();
  return {
    find(path) {
      const asset = known.get(path) ?? read(host, root, path);
      known.set(path, asset);
      return asset;
    },
  };
}

function read(host: Host, root: string, path: string): Asset {
  if (path.startsWith('/')) return no('absolute', 'the path is absolute');
  const normal = normalPath(path);
  if (normal === '.') return no('folder', 'it is a folder');
  if (path.includes('\0')) return no('missing', 'no file has such a name');
  if (normal === '..' || normal.startsWith('../')) return no('outside', 'the path climbs');
  const text = attempt<Asset>(() => {
    const real = host.realPath(joinPath(root, normal));
    if (!isWithin(host.realPath(root), real)) return no('outside', 'a link leaves the folder');
    const stat = host.stat(real);
    if (stat?.type === 'folder') return no('folder', 'it is a folder');
    if (stat?.type !== 'file') return no('unreadable', 'it is not a file');
    if (stat.size > maximumFileSize) return no('too-large', `it is larger than ${maximumFileSize / 1024 / 1024} MiB`);
    const decoded = decodeUtf8(host.read(real));
    return decoded.valid ? { found: true, text: decoded.text } : no('encoding', `it is not UTF-8 at byte ${decoded.offset}`);
  });
  if (!(text instanceof HostError)) return text;
  if (text.fault === 'missing' || text.fault === 'not-folder') return no('missing', reason(text));
  return no(text.fault === 'loop' ? 'loop' : 'unreadable', reason(text));
}

function no(fault: AssetFault, detail: string): Asset {
  return { found: false, fault, detail };
}
