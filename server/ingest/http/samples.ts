import type { QuarantineReason } from '#contract/quarantine.ts';
import type { Source } from '#contract/source.ts';
import type { Admission } from '../admit.ts';
import type { Route } from '../decode/decoder.ts';
import { decoders } from '../decode/decoders.ts';
import type { Intake } from '../normalise.ts';
import type { SeriesRegistry } from '../series-registry.ts';

export interface HttpIngestDeps {
  readonly intake: Intake;
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
}

export interface IngestResult {
  readonly accepted: number;
  /** `index` null: the whole body. */
  readonly rejected: readonly { readonly index: number | null; readonly reason: QuarantineReason }[];
}

const SENML: Route = {
  transport: 'http',
  topic: null,
  levels: [],
  decoder: 'senml',
  decode: decoders.senml,
  mapping: null,
  camera: null,
};

/**
 * `POST /samples`: a SenML pack. Resolves once what was accepted is durable; what was not is in quarantine and listed.
 * @throws Overloaded (503 with its `retryAfter`), or the journal's error.
 */
export function ingestHttp(deps: HttpIngestDeps, source: Source, body: Buffer): Promise<IngestResult> {
  const { intake, admission, registry } = deps;
  return new Promise((resolve, reject) => {
    const refusal = intake.receive(registry.source(source), SENML, body);
    if (refusal !== null) {
      reject(refusal);
      return;
    }
    const { accepted, rejected } = intake;
    admission.whenDurable((error) => (error ? reject(error) : resolve({ accepted, rejected })));
  });
}
