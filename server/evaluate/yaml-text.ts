import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type YAMLMap } from 'yaml';
import type { RuleFinding } from '#contract/rule.ts';

/** Where a node of the document stands: keys and indices from the root. */
export type Path = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML text that still knows the place of each of its nodes. */
export class YamlText {
  readonly file: string;
  readonly value: unknown;
  /** What is wrong with the YAML itself. */
  readonly findings: readonly RuleFinding[];
  readonly #lines = new LineCounter();
  readonly #document: ReturnType<typeof parseDocument>;

  constructor(text: string, file: string) {
    this.file = file;
    this.#document = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: true });
    const findings = this.#document.errors.map((error) => {
      const reason = error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
      return this.finding(this.#at(error.pos[0]), reason);
    });
    // Aliases could make a small file expand without bound; rules have no use for them.
    visit(this.#document, {
      Alias: (_key, node) => {
        findings.push(
          this.finding(this.#at(node.range?.[0] ?? 0), `alias *${node.source} is not allowed`, 'write it out'),
        );
      },
    });
    this.findings = findings;
    this.value = findings.length > 0 ? undefined : this.#document.toJS();
  }

  /** Place of a value; of the nearest node around it where there is none. */
  place(path: Path): Place {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  /** Place of a key rather than of its value. */
  keyPlace(path: Path, key: string): Place {
    const map = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    const pair = isMap(map)
      ? (map as YAMLMap).items.find((item) => isScalar(item.key) && item.key.value === key)
      : null;
    if (pair && isScalar(pair.key) && pair.key.range) return this.#at(pair.key.range[0]);
    return this.place([...path, key]);
  }

  finding(place: Place, reason: string, suggestion: string | null = null, rule: string | null = null): RuleFinding {
    return { file: this.file, ...place, rule, reason, suggestion };
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}
