/** LAB1xxx: what can be wrong with the text of a file, before anything is known about what it means. */
import { defineDiagnostics, message } from '../define.js';

export const syntax = defineDiagnostics(() => ({
  unclosedString: {
    code: 'LAB1001', severity: 'error',
    message: message`this string is not closed`,
    help: message`put ${'quotes'} where the text ends`,
    explain: `A string in single quotes (\`"\` or \`'\`) ends on the line where it begins. Close it there:

    domain = "home.example.net"

Text of several lines stands between \`"""\` and \`"""\`. A \`\${\` inside a string opens an expression, which needs its \`}\`; write \`\\\${\` when you mean the two signs.`,
  },
  unclosedBracket: {
    code: 'LAB1002', severity: 'error',
    message: message`\`${'open'}\` is opened here and never closed`,
    help: message`put \`${'close'}\` before this place`,
    explain: `Each \`{\`, \`(\` and \`[\` needs its partner. The compiler looks at the indentation to tell which one lacks it: the second place is where it had to be by then.

    vm box {
      cores = 2
    }`,
  },
  strayBracket: {
    code: 'LAB1003', severity: 'error',
    message: message`\`${'close'}\` closes nothing`,
    help: message`take it away, or open it before`,
    explain: 'There is one closing bracket too many, or the opening one was lost: often the `{` at the end of a header.',
  },
  missingBrace: {
    code: 'LAB1004', severity: 'error',
    message: message`\`${'close'}\` closes nothing, so its \`${'open'}\` seems to be missing`,
    help: message`put \`${'open'}\` at the end of the first line of this declaration`,
    explain: `A body stands between \`{\` and \`}\`. Here only the end is to be seen:

    vm box : base {
      cores = 2
    }`,
  },
  bareUrl: {
    code: 'LAB1005', severity: 'error',
    message: message`a URL is text and needs quotes`,
    help: message`write "${'url'}"`,
    explain: 'Outside of strings `//` opens a comment, so a URL without quotes would lose its second half. Write `url = "https://example.net/"`.',
  },
  strayCharacter: {
    code: 'LAB1006', severity: 'error',
    message: message`\`${'text'}\` means nothing here`,
    help: message`${'advice'}`,
    explain: `The language has no such sign. Common cases: comments begin with \`//\`, not \`#\`; it is \`and\`, \`or\`, \`not\`, not \`&&\`, \`||\`, \`!\`; quotes are the straight \`"\` and \`'\`;
\`\${...}\` works inside of strings only; names have letters, digits, \`_\` and inner \`-\`, and anything odder is a string.`,
  },
  gluedComment: {
    code: 'LAB1007', severity: 'error',
    message: message`a comment needs a blank before its \`//\``,
    help: message`put a blank before \`//\`, or quotes around text that holds it`,
    explain: 'So that paths and URLs are never cut by accident, `//` opens a comment only at the start of a line or after a blank.',
  },
  juxtaposition: {
    code: 'LAB1008', severity: 'error',
    message: message`\`${'word'}\` cannot stand on the same line after this \`${'kind'}\``,
    help: message`write \`,\` before another label, \`:\` before what it inherits from, \`=\` before a value, \`{\` before a body, or \`;\` before the next declaration`,
    explain: `A header without \`=\` and \`{ }\` ends with its line, at \`;\` or at \`}\`. Two declarations on one line need a \`;\` between them:

    has docker; has nfs_client
    package git, curl`,
  },
  bareWord: {
    code: 'LAB1009', severity: 'error',
    message: message`\`${'word'}\` alone says nothing`,
    help: message`write \`${'word'} = true\` to set it, \`${'word'} NAME\` to declare one, or \`${'word'} { }\` to open it`,
    explain: 'There are no bare flags: a setting has its value, `enabled = true`, and a declaration has a label or a body.',
  },
  missingEquals: {
    code: 'LAB1010', severity: 'error',
    message: message`\`=\` is missing between \`${'name'}\` and its value`,
    help: message`write \`${'name'} = ${'value'}\``,
    explain: '`name = value` sets, `kind label { }` declares: a value stands after `=`.',
  },
  colonForEquals: {
    code: 'LAB1011', severity: 'error',
    message: message`\`:\` is for types and parents, so \`${'name'}\` gets no value here`,
    help: message`write \`${'name'} = \` and the value`,
    explain: 'A value is set with `=`. The colon stands between a declaration and what it inherits from, `vm box : base`, and between a parameter and its type, `host: Hostname`.',
  },
  missingValue: {
    code: 'LAB1012', severity: 'error',
    message: message`nothing follows \`${'sign'}\``,
    help: message`write a value after it; \`none\` is the value of what is not there`,
    explain: 'A sign that joins or sets needs a value on its right: a literal, a name, a call, a list `[...]` or a record `{...}`.',
  },
  chainedComparison: {
    code: 'LAB1013', severity: 'error',
    message: message`comparisons do not chain`,
    help: message`write \`a < b and b < c\`, or \`b in a .. c\``,
    explain: '`a < b < c` would compare a truth with `c`. Join two comparisons by `and`, or ask whether a value lies in a range.',
  },
  leadingZero: {
    code: 'LAB1014', severity: 'error',
    message: message`the numbers of an address have no leading zeros: \`${'address'}\``,
    help: message`write ${'mended'}`,
    explain: 'Some programs read `010` in an address as eight, others as ten. The language accepts one spelling only.',
  },
  unknownEscape: {
    code: 'LAB1015', severity: 'error',
    message: message`this escape does not exist`,
    help: message`write \`\\\\\` for a backslash, or use single quotes, which take everything as it stands`,
    explain: 'Strings in double quotes know `\\n`, `\\t`, `\\"`, `\\\\`, `\\${` and `\\u{1F600}`. Patterns and Windows paths read best in single quotes, where nothing is special.',
  },
  badCodePoint: {
    code: 'LAB1016', severity: 'error',
    message: message`this is not the number of a character`,
    help: message`write one to six hexadecimal digits up to 10FFFF between the braces: \`\\u{E9}\``,
    explain: '`\\u{...}` takes the hexadecimal number of a Unicode character; the surrogates D800 to DFFF are none.',
  },
  leftOfMargin: {
    code: 'LAB1017', severity: 'error',
    message: message`this line begins left of the closing quotes, which set the margin of the text`,
    help: message`indent the line at least as far as the closing quotes, with the same blanks`,
    explain: `The blanks before the closing quotes are taken off every line of the text:

    content = """
      first
        second, two blanks in
      """`,
  },
  tooDeep: {
    code: 'LAB1018', severity: 'error',
    message: message`this is nested too deeply`,
    help: message`give the inner part a name with \`let\` and use the name`,
    explain: 'Values, types and bodies may lie a hundred deep in one another, and an expression may have five hundred operators; no lab that people can read comes near.',
  },
  reservedWord: {
    code: 'LAB1019', severity: 'error',
    message: message`\`${'word'}\` is a reserved word and cannot be a name here`,
    help: message`choose another name, or write "${'word'}" where a key may be text`,
    explain: 'Twelve words are reserved: `true false none and or not in for where if then else`. After a dot, and as text, they are free.',
  },
  spaceBeforeBracket: {
    code: 'LAB1020', severity: 'error',
    message: message`\`${'bracket'}\` must touch the name before it`,
    help: message`take the blank before \`${'bracket'}\` away`,
    explain: 'Parameters, arguments and an index are glued to what they belong to: `postgres(major = 17)`, `sums[os.arch]`. With a blank between, a new value would begin.',
  },
  emptyHole: {
    code: 'LAB1021', severity: 'error',
    message: message`there is nothing between \`\${\` and \`}\``,
    help: message`write an expression, or \`\\\${\` when you mean the two signs`,
    explain: 'Text takes the value of the expression between `${` and `}`.',
  },
  missingComma: {
    code: 'LAB1022', severity: 'error',
    message: message`a comma is missing before \`${'next'}\``,
    help: message`write \`, ${'next'}\``,
    explain: 'Items of a list, arguments and parameters have commas between them, on several lines too; one after the last is allowed. Only the fields of a record may go without.',
  },
  divisionBlanks: {
    code: 'LAB1023', severity: 'error',
    message: message`\`${'path'}\` is read as a path here`,
    help: message`to divide, put blanks on both sides of \`/\`; to join text and a path, write them into one string`,
    explain: '`/name` without a blank is a path literal. Division is written `a / b`.',
  },
  expected: {
    code: 'LAB1024', severity: 'error',
    message: message`here ${'expected'} must stand, not \`${'found'}\``,
    help: message`write ${'expected'} before \`${'found'}\`, or take \`${'found'}\` away`,
    explain: 'The text does not fit the grammar at this place. docs/language.md shows every construct by example.',
  },
  endsEarly: {
    code: 'LAB1025', severity: 'error',
    message: message`the text ends where ${'expected'} must stand`,
    help: message`write ${'expected'} here`,
    explain: 'A declaration that was begun needs its end. docs/language.md shows every construct by example.',
  },
  commaBetween: {
    code: 'LAB1026', severity: 'error',
    message: message`settings and declarations have no commas between them`,
    help: message`put the next one on its own line, or take the comma away and leave two blanks`,
    explain: 'Commas stand between the members of a list, arguments, parameters and labels. What stands in a body is set apart by line ends or blanks: `{ cores = 2  memory = 4GiB }`.',
  },
  blankBeforeUnit: {
    code: 'LAB1027', severity: 'error',
    message: message`a unit touches its number`,
    help: message`write \`${'text'}\``,
    explain: 'A size, a duration or a share is one word: `8GiB`, `1h30m`, `50%`. With a blank between, the number would end and a new statement begin.',
  },
  assignedBody: {
    code: 'LAB1028', severity: 'error',
    message: message`\`${'name'}\` has a body, and no \`=\` before it`,
    help: message`write \`${'name'} { ... }\``,
    explain: '`=` gives a value, and `{ }` behind it is a record. What declares a thing has a body, which stands right behind its name: `network lan { cidr = 192.168.1.0/24 }`. A few kinds take both: `disk root = 16GiB { on = local-lvm }`.',
  },
}));
