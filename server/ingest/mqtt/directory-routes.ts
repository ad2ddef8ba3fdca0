import { topics } from '#contract/names.ts';
import type { Source } from '#contract/source.ts';
import type { Route } from '../decode/decoder.ts';
import type { SourceDirectory } from '../ports.ts';
import { routeTopic } from './topic-route.ts';

interface Found {
  readonly source: Source;
  readonly route: Route;
}

const MAX_TOPICS = 50_000;

/** From a topic alone to its source: behind an external broker the hub does not know who published. */
export class DirectoryRoutes {
  readonly #directory: SourceDirectory;
  #known = new Map<string, Found | 'unknown' | 'own'>();

  constructor(directory: SourceDirectory) {
    this.#directory = directory;
  }

  /** `own`: a topic on which the hub itself or a unit's software speaks, not a source. */
  find(topic: string): Found | 'unknown' | 'own' {
    let found = this.#known.get(topic);
    if (found === undefined) {
      found = this.#search(topic);
      if (this.#known.size < MAX_TOPICS) this.#known.set(topic, found);
    }
    return found;
  }

  forget(): void {
    this.#known.clear();
  }

  /** Filters outside `ioc/v1/`, each once. */
  mappedFilters(): string[] {
    const filters = new Set<string>();
    for (const source of this.#directory.sources()) {
      for (const { topic } of this.#directory.mappings(source.id)) if (!topic.startsWith('ioc/v1/')) filters.add(topic);
    }
    return [...filters];
  }

  #search(topic: string): Found | 'unknown' | 'own' {
    const [, , unit = '', id = ''] = topic.split('/');
    if (topic === topics.outbox(unit) || topic === topics.inbox(unit)) return 'own';
    if (topic.startsWith('ioc/v1/')) {
      const source = this.#directory.source(id);
      return source?.unit === unit ? this.#of(topic, source) : 'unknown';
    }
    for (const source of this.#directory.sources()) {
      const found = this.#of(topic, source);
      if (found !== 'unknown') return found;
    }
    return 'unknown';
  }

  #of(topic: string, source: Source): Found | 'unknown' {
    const route = routeTopic(topic, source, this.#directory.mappings(source.id));
    return typeof route === 'object' ? { source, route } : 'unknown';
  }
}
