import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Static, type TSchema, Type } from 'typebox';
import { LayerConfig } from '#contract/layer.ts';
import { Unit } from '#contract/people.ts';
import { Source, TopicMapping } from '#contract/source.ts';
import { WallConfig } from '#contract/wall.ts';
import { type ConfigFinding, InvalidConfig, parseYaml, type YamlDocument } from './yaml-document.ts';

const bytes = (description: string, fallback: number) =>
  Type.Optional(Type.Integer({ minimum: 1_048_576, description: `${description}; default ${fallback} bytes` }));

/** `hub.yaml`: limits and spans. Every key may be left out. */
export const HubLimits = Type.Object(
  {
    journal: Type.Optional(
      Type.Object(
        { maxBytes: bytes('size at which the hub stops acknowledging', 4_294_967_296) },
        { additionalProperties: false },
      ),
    ),
    ingest: Type.Optional(
      Type.Object(
        {
          maxPayloadBytes: Type.Optional(Type.Integer({ minimum: 1024, maximum: 16_777_216 })),
          maxSeriesPerSource: Type.Optional(Type.Integer({ minimum: 1 })),
          maxClients: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        { additionalProperties: false },
      ),
    ),
    retention: Type.Optional(
      Type.Object(
        {
          sampleDays: Type.Optional(Type.Integer({ minimum: 1 })),
          compressAfterDays: Type.Optional(Type.Integer({ minimum: 1 })),
          quarantineDays: Type.Optional(Type.Integer({ minimum: 1 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type HubLimits = Static<typeof HubLimits>;

const closed = { additionalProperties: false };
const UnitEntry = Type.Object(
  {
    id: Unit.properties.id,
    kind: Unit.properties.kind,
    name: Unit.properties.name,
    parent: Type.Optional(Unit.properties.parent),
  },
  closed,
);
const SourceEntry = Type.Object(
  {
    id: Source.properties.id,
    unit: Source.properties.unit,
    name: Source.properties.name,
    decoder: Type.Optional(Source.properties.decoder),
    staleAfter: Type.Optional(Source.properties.staleAfter),
    recorded: Type.Optional(Type.Boolean()),
    topics: Type.Optional(Type.Array(TopicMapping)),
  },
  closed,
);
const UnitsFile = Type.Object({ units: Type.Array(UnitEntry) }, closed);
const SourcesFile = Type.Object({ sources: Type.Array(SourceEntry) }, closed);
const LayersFile = Type.Object({ layers: Type.Array(LayerConfig) }, closed);

/** A source of `sources.yaml`, with the topics outside `ioc/v1/` that belong to it. */
export interface ConfiguredSource {
  readonly source: Source;
  readonly topics: readonly TopicMapping[];
}

/** Everything of `HUB_CONFIG_DIR`, checked against itself. */
export interface HubConfig {
  readonly limits: HubLimits;
  readonly units: readonly Unit[];
  readonly sources: readonly ConfiguredSource[];
  readonly layers: readonly LayerConfig[];
  readonly walls: ReadonlyMap<string, WallConfig>;
}

export const DEFAULT_STALE_AFTER = 300;

/**
 * Reads the whole directory; it is taken as a whole or not at all.
 * @throws InvalidConfig naming file, line and reason of every mistake
 */
export async function loadHubConfig(directory: string): Promise<HubConfig> {
  const findings: ConfigFinding[] = [];
  const read = async <S extends TSchema>(schema: S, file: string, optional = false) => {
    try {
      const text = await readFile(join(directory, file), 'utf8');
      return parseYaml(schema, text, file);
    } catch (error) {
      if (error instanceof InvalidConfig) findings.push(...error.findings);
      else if (!optional || !isMissing(error))
        findings.push({ file, line: 1, column: 1, reason: `cannot be read: ${messageOf(error)}` });
      return null;
    }
  };
  const limits = await read(HubLimits, 'hub.yaml', true);
  const units = await read(UnitsFile, 'units.yaml');
  const sources = await read(SourcesFile, 'sources.yaml');
  const layers = await read(LayersFile, 'layers.yaml');
  const walls = new Map<string, WallConfig>();
  for (const file of await wallFiles(directory)) {
    const wall = await read(WallConfig, join('walls', file));
    if (wall) walls.set(file.replace(/\.yaml$/, ''), wall.value);
  }
  if (units) findings.push(...checkUnits(units));
  if (units && sources) findings.push(...checkSources(sources, new Set(units.value.units.map((unit) => unit.id))));
  if (findings.length > 0 || !units || !sources || !layers) throw new InvalidConfig(findings);
  return {
    limits: limits?.value ?? {},
    units: units.value.units.map((unit) => ({ ...unit, parent: unit.parent ?? null })),
    sources: sources.value.sources.map(({ topics, ...source }) => ({
      source: completeSource(source),
      topics: topics ?? [],
    })),
    layers: layers.value.layers,
    walls,
  };
}

type SourceFields = Pick<Source, 'id' | 'unit' | 'name'> & Partial<Source>;

/** Fills in what a source need not say. */
export function completeSource(source: SourceFields): Source {
  return { decoder: 'senml', staleAfter: DEFAULT_STALE_AFTER, recorded: false, ...source };
}

function checkUnits(document: YamlDocument<Static<typeof UnitsFile>>): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const ids = new Set(document.value.units.map((unit) => unit.id));
  const seen = new Set<string>();
  document.value.units.forEach((unit, index) => {
    if (seen.has(unit.id)) findings.push(document.finding(['units', index, 'id'], `unit ${unit.id} is there twice`));
    seen.add(unit.id);
    if (unit.parent && !ids.has(unit.parent)) {
      findings.push(document.finding(['units', index, 'parent'], `parent ${unit.parent} is not a unit of this file`));
    }
  });
  return findings;
}

function checkSources(document: YamlDocument<Static<typeof SourcesFile>>, units: ReadonlySet<string>): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  const seen = new Set<string>();
  document.value.sources.forEach((source, index) => {
    const at = (key: string, reason: string) => findings.push(document.finding(['sources', index, key], reason));
    if (seen.has(source.id)) at('id', `source ${source.id} is there twice`);
    seen.add(source.id);
    if (!units.has(source.unit)) at('unit', `unit ${source.unit} is not in units.yaml`);
  });
  return findings;
}

async function wallFiles(directory: string): Promise<string[]> {
  try {
    return (await readdir(join(directory, 'walls'))).filter((file) => file.endsWith('.yaml')).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
