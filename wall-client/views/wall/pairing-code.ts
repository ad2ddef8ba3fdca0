/** Digits a person holds in mind at once. */
const GROUP = 3;

/** "482913" → "482 913"; what is already grouped stays. */
export function groupCode(code: string): string {
  if (/[\s-]/.test(code) || code.length % GROUP !== 0) return code;
  return code.replace(/(.{3})(?=.)/g, '$1 ');
}
