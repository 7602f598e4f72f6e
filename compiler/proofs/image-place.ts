/** An image lies where the node of the machine can read it. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { datastoreOf, guestsOf, nodeOf } from './ground.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'image-place',
  doc: 'A machine and its image stand on one node, or the datastore is shared.',
  check({ plan }) {
    const images = new Map(plan.images.map((image) => [`${image.cluster} ${image.key}`, image]));
    return guestsOf(plan).flatMap(({ machine, guest }) => {
      const image = images.get(`${guest.cluster} ${guest.image}`);
      if (image === undefined || image.node === guest.node) return [];
      const [own, other] = [guest.node, image.node].map((name) => nodeOf(plan, guest.cluster, name));
      const shared = [own, other].every((node) => node !== undefined && datastoreOf(node, image.datastore)?.shared === true);
      if (shared) return [];
      const labels = [{ span: spanOf(image.origin), text: `${image.image} is on datastore ${image.datastore} of ${image.node}` }];
      return [proofs.create.imageElsewhere(spanOf(guest.origin), { machine: machine.name, node: guest.node, image: image.image, other: image.node }, { labels })];
    });
  },
};
