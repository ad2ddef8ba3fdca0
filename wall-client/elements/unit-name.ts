/** Small words that official short forms write as "&". */
const AND = new Set(['và', 'and']);
/** Beginnings that stay; the field after them is what gets shortened. */
const HEADS = ['Sở', 'Ban', 'Chi cục', 'Trung tâm'];

/**
 * A unit's name as a wall has room for it, in the usual official short form: "Sở Nông nghiệp và Môi trường" →
 * "Sở NN&MT", "Ủy ban nhân dân tỉnh Nghệ An" → "UBND tỉnh Nghệ An". A name of up to `longest` characters stays.
 */
export function shortUnitName(name: string, longest = 10): string {
  if (name.length <= longest) return name;
  const council = name.replace(/^(?:Ủy|Uỷ) ban nhân dân/, 'UBND');
  if (council !== name) return council;
  const head = HEADS.find((candidate) => name.startsWith(`${candidate} `));
  if (head === undefined) return name;
  const field = name.slice(head.length + 1);
  return `${head} ${initials(field)}`;
}

function initials(field: string): string {
  return field
    .split(/[\s,]+/)
    .map((word) => (AND.has(word) ? '&' : word.charAt(0).toLocaleUpperCase('vi')))
    .join('');
}
