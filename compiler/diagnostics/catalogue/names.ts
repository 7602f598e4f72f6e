/** LAB2xxx: names, declarations and where they may stand. */
import { defineDiagnostics, message } from '../define.js';

export const names = defineDiagnostics(() => ({
  unknownName: {
    code: 'LAB2001', severity: 'error', message: message`nothing here is called \`${'name'}\``, help: message`${'help'}`,
    explain: 'A bare name is looked up among the locals of the declaration, its children, the objects of the kind that is expected here, and what `use` brings in. Write the name as it is declared, add a `use`, or quote it if it is text.',
  },
  ambiguousName: {
    code: 'LAB2002', severity: 'error', message: message`\`${'name'}\` may mean several things: ${'choices'}`, help: message`write one of them in full, such as \`${'first'}\``,
    explain: 'Names live in spaces (machines, networks, instances, ...), so two things may share a name. Where no type says which space is meant, write `space.name`.',
  },
  duplicateDeclaration: {
    code: 'LAB2003', severity: 'error', message: message`the ${'sort'} \`${'name'}\` is declared twice`, help: message`rename one of them, or remove it`,
    explain: 'A name is declared once in its space. The second place shows the other declaration.',
  },
  unknownWord: {
    code: 'LAB2004', severity: 'error', message: message`${'parent'} has nothing called \`${'word'}\``, help: message`${'help'}`,
    explain: 'What may stand in a body follows from the kind it belongs to: its attributes, and the kinds whose `parents` name it.',
  },
  misplaced: {
    code: 'LAB2005', severity: 'error', message: message`\`${'word'}\` cannot stand in ${'parent'}`, help: message`it stands ${'places'}`,
    explain: 'A kind says in `parents` where its items may stand. Move the statement there.',
  },
  unknownUse: {
    code: 'LAB2006', severity: 'error', message: message`no library declares \`${'name'}\``, help: message`${'help'}`,
    explain: '`use folder.name` brings a declaration of a library into the lab: `use apps.traefik`, `use capabilities.{docker, users}`.',
  },
  unknownMember: {
    code: 'LAB2007', severity: 'error', message: message`${'what'} has no \`${'name'}\``, help: message`${'help'}`,
    explain: 'After a dot stands an attribute, a child or a method of the value before it.',
  },
  unknownTemplate: {
    code: 'LAB2008', severity: 'error', message: message`there is no ${'sort'} called \`${'name'}\``, help: message`${'help'}`,
    explain: 'What `has`, `run`, `with` or `:` names must be declared in the lab or brought in by `use`.',
  },
  missingLabel: {
    code: 'LAB2009', severity: 'error', message: message`\`${'word'}\` needs a name`, help: message`write \`${'word'} NAME { ... }\``,
    explain: 'Items of this kind are told apart by a label, which stands on the line of the kind.',
  },
  recursion: {
    code: 'LAB2010', severity: 'error', message: message`\`${'name'}\` would contain itself`, help: message`break the circle: ${'chain'}`,
    explain: 'The language is total: nothing refers to itself, be it a persona among its own parents, a function that calls itself, or a part within itself.',
  },
  missingLab: {
    code: 'LAB2011', severity: 'error', message: message`the lab has no name`, help: message`write \`lab NAME { domain = "home.example.net"  timezone = "Europe/Berlin" }\` in one of its files`,
    explain: 'Every lab says once what it is called; the name is that of its folder in `out/`.',
  },
  badLabel: {
    code: 'LAB2012', severity: 'error', message: message`\`${'label'}\` is no name for a ${'word'}: ${'why'}`, help: message`${'help'}`,
    explain: 'Labels become names in real systems (host names, Compose projects, Proxmox objects), so they keep the rules of those systems.',
  },
  notAllowedHere: {
    code: 'LAB2013', severity: 'error', message: message`${'what'}`, help: message`${'help'}`,
    explain: 'The statement is understood, but it means nothing in this place.',
  },
  nothingRemoved: {
    code: 'LAB2014', severity: 'error', message: message`\`without ${'what'}\` matches nothing that is inherited`, help: message`${'help'}`,
    explain: '`without kind.label` takes an inherited item away. When nothing matches, the line says something untrue about the machine.',
  },
  wrongLayer: {
    code: 'LAB2015', severity: 'error', message: message`\`${'word'}\` belongs to ${'layer'}, not to ${'block'}`, help: message`move it into \`${'layer'} { }\``,
    explain: 'A layer says what it changes: L1 images, L2 machines, L3 the system, L4 workloads. Crossing the border is an error, so that rebuilding one layer never touches another.',
  },
  shadowed: {
    code: 'LAB2016', severity: 'error', message: message`\`${'name'}\` stands for something else already`, help: message`give this one another name`,
    explain: 'No name hides another: a parameter, `let`, loop variable or parameter of a function has a name that nothing around it has, and that no member of the enum has which its place expects.',
  },
  badLibrary: {
    code: 'LAB2017', severity: 'error', message: message`the library \`${'name'}\` ${'why'}`, help: message`${'help'}`,
    explain: 'A library says where git finds it and at which revision, both as plain text: nothing is evaluated before it is here. `use NAME.folder.declaration` then takes from it.\n\n`labc fetch` brings it into `vendor/NAME` beside the lab, to be committed; checks and builds read nothing else.',
  },
  libraryMissing: {
    code: 'LAB2018', severity: 'error', message: message`the library \`${'name'}\` is not in \`${'folder'}\` yet`, help: message`run \`labc fetch ${'lab'}\`, and commit what it writes`,
    explain: 'Checks and builds never use the network: a library lies in `vendor/NAME` beside the lab, and `lab.lock` holds its digest. `labc fetch` brings both; commit them.\n\nWhat the lab takes from the library cannot be judged before, so nothing else of the lab is checked.',
  },
  libraryChanged: {
    code: 'LAB2019', severity: 'error', message: message`the library \`${'name'}\` is not the one of \`lab.lock\`: ${'why'}`, help: message`run \`labc fetch ${'lab'}\`: it puts back what the revision holds`,
    explain: '`lab.lock` holds the revision of a library and a digest of where it comes from and of all its files. An edit by hand, another `source` or another `rev` differ from it.\n\nTo change a library, change it where it comes from and name the new revision; to change one app of it, refine the app in the lab.',
  },
}));
