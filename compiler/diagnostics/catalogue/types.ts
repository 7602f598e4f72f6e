/** LAB3xxx: types, literals and evaluation. */
import { defineDiagnostics, message } from '../define.js';

export const types = defineDiagnostics(() => ({
  typeMismatch: {
    code: 'LAB3001', severity: 'error', message: message`${'what'} wants ${'expected'}, but this is ${'actual'}`, help: message`${'help'}`,
    explain: 'Literals take the type that is expected; values never change theirs. Give a value of the expected type.',
  },
  badUnit: {
    code: 'LAB3002', severity: 'error', message: message`\`${'text'}\` has no unit that labc knows`, help: message`${'help'}`,
    explain: 'Sizes are written in B, kB, MB, GB, TB, KiB, MiB, GiB, TiB; durations in ms, s, m, h, d, w; shares in %.',
  },
  badLiteral: {
    code: 'LAB3003', severity: 'error', message: message`\`${'text'}\` is no ${'type'}: ${'why'}`, help: message`${'help'}`,
    explain: 'The literal has the form of its type, but not a value that it admits.',
  },
  missingValue: {
    code: 'LAB3004', severity: 'error', message: message`${'what'} needs \`${'name'}\``, help: message`write \`${'name'} = ...\`, ${'type'}`,
    explain: 'A parameter without a default must be given.',
  },
  unknownArgument: {
    code: 'LAB3005', severity: 'error', message: message`${'what'} takes no \`${'name'}\``, help: message`${'help'}`,
    explain: 'Arguments are the parameters of the declaration, by name.',
  },
  cycle: {
    code: 'LAB3006', severity: 'error', message: message`this value depends on itself: ${'chain'}`, help: message`write one of them out`,
    explain: 'Values are computed from each other in any order, but never in a circle. The chain names the attributes in it.',
  },
  conflict: {
    code: 'LAB3007', severity: 'error', message: message`\`${'name'}\` is given twice with different values: ${'first'} and ${'second'}`, help: message`${'help'}`,
    explain: 'Definitions of one rank must agree. A higher rank wins: kind default, library, lab persona, machine.',
  },
  badOperands: {
    code: 'LAB3008', severity: 'error', message: message`\`${'op'}\` does not go with ${'left'} and ${'right'}`, help: message`${'help'}`,
    explain: 'Arithmetic keeps dimensions: sizes add to sizes, durations to durations; a dimension times a number keeps it; a dimension over itself is a number; an address plus a number is an address.',
  },
  badOperand: {
    code: 'LAB3009', severity: 'error', message: message`\`${'op'}\` does not go with ${'operand'}`, help: message`${'help'}`,
    explain: 'The operator does not know what to do with a value of this type. Name a field of it, or compute what the operator wants first.',
  },
  dimensionInText: {
    code: 'LAB3010', severity: 'error', message: message`${'what'} has no text without a unit`, help: message`say the unit: \`\${x.in(${'unit'})}\``,
    explain: 'A program that reads `8` cannot know what it counts. Say the unit where a dimension becomes text.',
  },
  notCallable: {
    code: 'LAB3011', severity: 'error', message: message`${'what'} cannot be called`, help: message`remove the parentheses`,
    explain: 'Only functions, constructors, parts and systems are called.',
  },
  outOfBounds: {
    code: 'LAB3012', severity: 'error', message: message`there is no \`${'index'}\` in ${'what'}`, help: message`${'help'}`,
    explain: 'A list has places from 0, a record the keys it was made with.',
  },
  refused: {
    code: 'LAB3013', severity: 'error', message: message`${'value'} is outside of what \`${'type'}\` admits`, help: message`${'help'}`,
    explain: 'A refined type admits only values for which its rule holds. What the type is for stands above its declaration, and is repeated in the message.',
  },
  taint: {
    code: 'LAB3014', severity: 'error', message: message`a secret cannot be used ${'how'}`, help: message`${'help'}`,
    explain: 'A secret is known on the target only. It may be put into text, files and environments; comparing, measuring, branching on it or using it as a key would need its value here, and out/ never holds it.',
  },
  stratum: {
    code: 'LAB3015', severity: 'error', message: message`the shape of the lab cannot depend on ${'what'}`, help: message`${'help'}`,
    explain: 'The lab is built in strata: its shape first, then who asks whom, then addresses and ports, then values. A statement reads only its own stratum or an earlier one.',
  },
  badArguments: {
    code: 'LAB3016', severity: 'error', message: message`\`${'name'}\` ${'why'}`, help: message`${'help'}`,
    explain: 'The function was given too few, too many or unfitting arguments.',
  },
  tooMuch: {
    code: 'LAB3017', severity: 'error', message: message`the lab grows beyond ${'limit'} ${'what'}`, help: message`look at the innermost \`for\` over a long range, or at what doubles at every step`,
    explain: 'Builds end. A lab has at most 100,000 items.',
  },
  unknownType: {
    code: 'LAB3018', severity: 'error', message: message`there is no type \`${'name'}\``, help: message`${'help'}`,
    explain: 'Types are built in (String, Int, Size, ...), declared by `type`, or made of those: [T], Map(T), T?, A | B, enum(a, b), Ref(kind).',
  },
  missingFile: {
    code: 'LAB3019', severity: 'error', message: message`there is no file \`${'path'}\` in ${'root'}`, help: message`put it beside the source, or mend the path`,
    explain: '`file("x")` and `template("x", {...})` read a file of the lab by a literal path relative to the file that names it. No link may lead out of the folder.',
  },
  failedDemand: {
    code: 'LAB3020', severity: 'error', message: message`${'message'}`, help: message`${'help'}`,
    explain: 'A capability or workload states with `demands` what lower layers must have.',
  },
  failedCheck: {
    code: 'LAB3021', severity: 'error', message: message`the check does not hold: ${'message'}`, help: message`${'help'}`,
    explain: 'A `check` states what must be true of the whole lab. The first witness against it is shown.',
  },
  tooDeep: {
    code: 'LAB3022', severity: 'error', message: message`this is nested too deeply`, help: message`take a part of it out into a \`let\``,
    explain: 'Expressions and objects may be nested, but not without end.',
  },
}));
