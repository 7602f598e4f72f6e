/**
 * String literals of Jinja inside playbooks, where Ansible takes a backslash for itself: nothing can be escaped there,
 * so text that needs it travels in base64. In template files (`sealed.ts`) backslashes mean what Jinja says.
 */

/** A Jinja expression whose value is exactly `text`. */
export function jinjaString(text: string): string {
  if (/^[^'\\{}%#\p{C}\u2028\u2029]*$/u.test(text)) return `'${text}'`;
  if (/^[^"\\{}%#\p{C}\u2028\u2029]*$/u.test(text)) return `"${text}"`;
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return `('${btoa(bytes)}' | b64decode)`;
}
