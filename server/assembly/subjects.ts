import type { Series, Thing } from '#contract/series.ts';
import type { Subject } from '#contract/verdict.ts';

/** Joins a series with what is known of its thing, whichever of the two is heard of first. */
export class SubjectDirectory {
  readonly #series = new Map<string, Series[]>();
  readonly #things = new Map<string, Thing>();

  series(series: Series): Subject {
    const key = keyOf(series.source, series.thing);
    const siblings = this.#series.get(key);
    if (!siblings) this.#series.set(key, [series]);
    else if (!siblings.some(({ number }) => number === series.number)) siblings.push(series);
    return join(series, this.#things.get(key));
  }

  /** @returns the subjects whose name, labels or place may have changed. */
  thing(thing: Thing): Subject[] {
    const key = keyOf(thing.source, thing.id);
    this.#things.set(key, thing);
    return (this.#series.get(key) ?? []).map((series) => join(series, thing));
  }

  *all(): Iterable<Subject> {
    for (const [key, siblings] of this.#series) {
      for (const series of siblings) yield join(series, this.#things.get(key));
    }
  }

  findThing(source: string, id: string): Thing | undefined {
    return this.#things.get(keyOf(source, id));
  }
}

const keyOf = (source: string, thing: string) => `${source}\n${thing}`;

function join(series: Series, thing: Thing | undefined): Subject {
  return {
    number: series.number,
    seriesId: series.id,
    unit: series.unit,
    source: series.source,
    thing: series.thing,
    thingName: thing?.name ?? series.thing,
    quantity: series.quantity,
    uom: series.uom,
    labels: thing?.labels ?? {},
    position: thing?.position ?? null,
  };
}
