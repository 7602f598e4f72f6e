/**
 * The one shell quoter: words of POSIX sh, and of every shell that follows it. Nothing inside single quotes means
 * anything, so there is one rule and one exception, the quote itself.
 */

/** A word whose value is exactly `text`; bare where no shell would look twice. NUL cannot be an argument and is the checker's to refuse. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+,./-][A-Za-z0-9_@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A command line: every argument a word of its own. */
export function shellCommand(argv: readonly string[]): string {
  return argv.map(shellWord).join(' ');
}
