/**
 * `images.tf`: one download for each image and datastore. The node fetches the file itself, without SSH, and Proxmox
 * checks the sum. Images that are already there as volumes are referred to by their id and need no resource.
 */
import type { HclBlock, HclText } from '../../bindings/hcl-value.js';
import { proxmoxDownloadFile, proxmoxDownloadFileRef } from '../../bindings/terraform.gen.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { imageLabelOf, placeOf } from './header.js';
import { movedImages } from './identity.js';
import { providerOf } from './provider.js';

export function imagesFile(plan: Plan): readonly HclBlock[] {
  return [...plan.images.flatMap((image) => (image.url === null ? [] : [download(plan, image, image.url)])), ...movedImages(plan)];
}

/** The volume that machines import from or are unpacked from. */
export function imageVolume(image: PlanImage): HclText {
  return image.file ?? proxmoxDownloadFileRef(imageLabelOf(image.key), 'id');
}

/**
 * Addresses of the downloads, in order. A replaced machine is destroyed while its new image is still on the way, so a
 * recipe that applies these first keeps machines up when a download fails.
 */
export function imageAddresses(plan: Plan): readonly string[] {
  return plan.images.filter((image) => image.url !== null).map((image) => proxmoxDownloadFileRef(imageLabelOf(image.key)).path.join('.'));
}

function download(plan: Plan, image: PlanImage, url: string): HclBlock {
  return proxmoxDownloadFile(
    imageLabelOf(image.key),
    {
      content_type: image.kind === 'vm' ? 'import' : 'vztmpl',
      datastore_id: image.datastore,
      node_name: image.node,
      url,
      file_name: image.fileName,
      checksum: image.checksum.value,
      checksum_algorithm: image.checksum.algorithm,
      overwrite: false,
      overwrite_unmanaged: true,
    },
    {
      comment: `${image.image} ${image.version}, from ${placeOf(plan, image.origin)}.`,
      comments: {
        overwrite: 'The URL is versioned and the sum is checked: no question to the server on every plan.',
        overwrite_unmanaged: 'After a lost state the file is still there.',
      },
      provider: providerOf(plan, image.cluster),
      lifecycle: {
        comment: 'The old image goes last: whatever fails before leaves it where it is.\nThe sum says what the file is: the same one from another server is no change.',
        createBeforeDestroy: true,
        ignoreChanges: ['url'],
      },
    },
  );
}
