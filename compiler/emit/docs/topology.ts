/**
 * `topology.svg`: a picture of the lab, the same for the same plan to the byte. Networks run across as rails, boxes hang
 * from the rails that their machines are on, and routes are listed beside them. Light and dark follow the reader.
 */
import type { Plan, PlanRoute } from '../../plan/plan.js';
import { count } from './format.js';
import { element, fit, textWidth, xml } from './svg.js';
import { CARD_PADDING, CARD_WIDTH, CHIP_HEIGHT, CHIP_TEXT, LINE, topologyGroups, type Card, type Group } from './topology-model.js';

const MARGIN = 28;
const SIDE = 310;
const TOP = 96;
const RAIL = 46;
const GAP = 16;
const HEAD = 58;
const COLOURS = 8;

interface Placed {
  readonly group: Group;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly cards: readonly { readonly card: Card; readonly x: number; readonly y: number }[];
}

export function topology(plan: Plan): string {
  const groups = topologyGroups(plan);
  const rails = TOP + Math.max(plan.networks.length, 1) * RAIL;
  const placed = place(groups, MARGIN + SIDE + GAP, rails + 6);
  const right = Math.max(...placed.map((one) => one.x + one.width), MARGIN + SIDE + 400);
  const side = sideBar(plan, rails + 6);
  const bottom = Math.max(...placed.map((one) => one.y + one.height), side.bottom);
  const width = right + MARGIN;
  const height = bottom + MARGIN;
  const subtitle = [plan.lab.domain, count(plan.machines.length, 'machine'), count(plan.instances.length, 'workload'), count(plan.routes.length, 'route')].join(' · ');
  const parts = [
    element('title', {}, xml(`Topology of ${plan.lab.name}`)),
    element('style', {}, STYLE),
    element('rect', { class: 'page', x: 0, y: 0, width, height, rx: 14 }),
    label('h1', MARGIN, 46, plan.lab.name),
    label('sub', MARGIN, 68, subtitle),
    ...plan.networks.map((_, at) => rail(plan, at, right)),
    ...placed.flatMap((one) => hangers(one)),
    ...placed.map((one) => box(one)),
    ...side.parts,
  ];
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, width: Math.ceil(width), height: Math.ceil(height), role: 'img' }, `\n${parts.join('\n')}\n`)}\n`;
}

/** Boxes beside each other, cards in columns: each goes to the column that is shortest so far. */
function place(groups: readonly Group[], left: number, top: number): readonly Placed[] {
  let x = left;
  return groups.map((group) => {
    const columns = Math.max(1, Math.ceil(Math.sqrt(group.cards.length / 4)));
    const width = Math.max(columns * (CARD_WIDTH + GAP) + GAP, GAP * 2 + Math.min(textWidth(group.title, 15), CARD_WIDTH));
    const floors = Array.from({ length: columns }, () => top + HEAD);
    const cards = group.cards.map((card) => {
      const column = floors.indexOf(Math.min(...floors));
      const y = floors[column]!;
      floors[column] = y + card.height + GAP;
      return { card, x: x + GAP + column * (CARD_WIDTH + GAP), y };
    });
    const placed = { group, x, y: top, width, height: Math.max(...floors) - top, cards };
    x += width + GAP * 1.5;
    return placed;
  });
}

/** The rail's name stands left of it, what it is below the name. */
function rail(plan: Plan, at: number, right: number): string {
  const network = plan.networks[at]!;
  const y = railAt(at);
  const facts = [network.cidr, ...(network.vlan === null ? [] : [`VLAN ${network.vlan}`]), ...(network.gateway === null ? [] : [`gw ${network.gateway}`])].join(' · ');
  return element('g', { class: colour(at) },
    element('line', { class: 'rail', x1: MARGIN + SIDE, y1: y, x2: right, y2: y }),
    element('circle', { class: 'dot', cx: MARGIN + SIDE, cy: y, r: 5 }),
    label('net', MARGIN, y - 2, network.name, SIDE - 20), label('fact', MARGIN, y + 14, facts, SIDE - 20));
}

/** A line from the box to each rail that its machines are on. */
function hangers({ group, x, y }: Placed): readonly string[] {
  return group.networks.map((network, i) => {
    const at = x + 26 + i * 20;
    return element('g', { class: colour(network) }, element('line', { class: 'hanger', x1: at, y1: railAt(network), x2: at, y2: y }), element('circle', { class: 'dot', cx: at, cy: railAt(network), r: 5 }));
  });
}

function box({ group, x, y, width, height, cards }: Placed): string {
  const room = width - 2 * GAP;
  return element('g', {},
    element('rect', { class: group.known ? 'group known' : 'group', x, y, width, height, rx: 12 }),
    label('h2', x + GAP, y + 27, group.title, room), label('fact', x + GAP, y + 45, group.subtitle, room),
    ...cards.map((one) => cardAt(one.card, one.x, one.y)));
}

function cardAt(card: Card, x: number, y: number): string {
  const badge = textWidth(card.badge, 11);
  const inner = CARD_WIDTH - 2 * CARD_PADDING;
  const line = (i: number): number => y + CARD_PADDING + 30 + i * LINE + 10;
  return element('g', {},
    ...(card.tip === '' ? [] : [element('title', {}, xml(card.tip))]),
    element('rect', { class: 'card', x, y, width: CARD_WIDTH, height: card.height, rx: 8 }),
    label('name', x + CARD_PADDING, y + CARD_PADDING + 15, card.name, inner - badge - 8),
    element('text', { class: 'badge', x: x + CARD_WIDTH - CARD_PADDING, y: y + CARD_PADDING + 14, 'text-anchor': 'end' }, xml(card.badge)),
    ...card.addresses.flatMap((address, i) => {
      const start = x + CARD_PADDING + 14;
      const width = textWidth(address.text, 13) + 8;
      return [
        element('g', { class: colour(address.network) }, element('circle', { class: 'dot', cx: x + CARD_PADDING + 4, cy: line(i) - 4, r: 4 })),
        label('addr', start, line(i), address.text), label('fact', start + width, line(i), address.note, inner - 14 - width),
      ];
    }),
    ...card.details.map((text, i) => label('fact', x + CARD_PADDING, line(card.addresses.length + i), text, inner)),
    ...card.chips.flatMap((chip) => [
      element('rect', { class: chip.ingress ? 'chip ingress' : 'chip', x: x + chip.x, y: y + chip.y, width: chip.width, height: CHIP_HEIGHT, rx: CHIP_HEIGHT / 2 }),
      element('text', { class: chip.ingress ? 'chiptext inverse' : 'chiptext', x: x + chip.x + chip.width / 2, y: y + chip.y + 16, 'text-anchor': 'middle' }, xml(fit(chip.text, CHIP_TEXT, chip.width - 12))),
    ]));
}

/** Routes below the names of the rails: by the ingress that answers them, each with where it goes. */
function sideBar(plan: Plan, top: number): { readonly parts: readonly string[]; readonly bottom: number } {
  if (plan.routes.length === 0) return { parts: [], bottom: top };
  const byIngress = new Map<string, PlanRoute[]>();
  for (const route of plan.routes) byIngress.set(route.ingress ?? '', [...(byIngress.get(route.ingress ?? '') ?? []), route]);
  const parts: string[] = [];
  let y = top + 27;
  for (const [ingress, routes] of byIngress) {
    const machine = plan.instances.find((instance) => instance.name === ingress)?.machine;
    parts.push(label('h2', MARGIN + GAP, y, ingress === '' ? 'Published directly' : `Routes by ${ingress}`, SIDE - 2 * GAP));
    parts.push(label('fact', MARGIN + GAP, y + 18, machine === undefined ? '' : `on ${machine}`, SIDE - 2 * GAP));
    y += 44;
    for (const route of routes) {
      const host = `${route.hosts[0] ?? route.url}${route.path === '/' ? '' : route.path}`;
      parts.push(label(route.expose === 'public' ? 'route public' : 'route', MARGIN + GAP, y, host, SIDE - 2 * GAP));
      parts.push(label('fact', MARGIN + GAP, y + 16, `→ ${route.instance === null ? route.machine : `${route.instance} on ${route.machine}`}${route.expose === 'public' ? ', public' : ''}`, SIDE - 2 * GAP));
      y += 42;
    }
    y += 14;
  }
  const bottom = y - 24;
  return { parts: [element('rect', { class: 'group', x: MARGIN, y: top, width: SIDE, height: bottom - top, rx: 12 }), ...parts], bottom };
}

function label(kind: string, x: number, y: number, text: string, room = Infinity): string {
  const shown = fit(text, SIZES[kind.split(' ')[0]!] ?? 12, room);
  return shown === '' ? '' : element('text', { class: kind, x, y }, ...(shown === text ? [] : [element('title', {}, xml(text))]), xml(shown));
}

function railAt(network: number): number {
  return TOP + 14 + network * RAIL;
}

/** A machine may be on a network that the lab does not draw: it has no colour. */
function colour(network: number): string {
  return network < 0 ? 'c-none' : `c${network % COLOURS}`;
}

const SIZES: Readonly<Record<string, number>> = { h1: 26, sub: 13, h2: 15, net: 14, fact: 12, name: 15, addr: 13, badge: 11, chiptext: CHIP_TEXT, route: 13 };
const LIGHT = ['#0969da', '#1a7f37', '#bc4c00', '#8250df', '#bf3989', '#9a6700', '#0e7490', '#57606a'];
const DARK = ['#58a6ff', '#3fb950', '#f0883e', '#bc8cff', '#f778ba', '#d29922', '#39c5cf', '#8b949e'];

/** Colours are written twice rather than kept in variables: not every renderer knows those. */
const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif;fill:#1f2328}',
  ...Object.entries(SIZES).map(([kind, size]) => `.${kind}{font-size:${size}px}`),
  '.h1,.h2,.net,.name{font-weight:600}', '.addr,.route{font-variant-numeric:tabular-nums}',
  '.sub,.fact,.badge{fill:#59636e}', '.page{fill:#fff}', '.group{fill:#f6f8fa;stroke:#d1d9e0}', '.known{stroke-dasharray:5 4}', '.card{fill:#fff;stroke:#d1d9e0}',
  '.chip{fill:#eff2f5;stroke:#d1d9e0}', '.ingress{fill:#0969da;stroke:#0969da}', '.inverse{fill:#fff}', '.public{fill:#bc4c00}',
  '.rail{stroke-width:4;stroke-linecap:round}', '.hanger{stroke-width:2}', '.dot{stroke:none}',
  ...LIGHT.map((tint, i) => `.c${i} line{stroke:${tint}}.c${i} circle,.c${i} .net{fill:${tint}}`), '.c-none circle{fill:#59636e}',
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.sub,.fact,.badge{fill:#9198a1}.page{fill:#0d1117}.group{fill:#151b23;stroke:#3d444d}.card{fill:#0d1117;stroke:#3d444d}'
    + '.chip{fill:#212830;stroke:#3d444d}.ingress{fill:#1f6feb;stroke:#1f6feb}.public{fill:#f0883e}.inverse{fill:#fff}',
  ...DARK.map((tint, i) => `.c${i} line{stroke:${tint}}.c${i} circle,.c${i} .net{fill:${tint}}`), '}',
].join('\n');
