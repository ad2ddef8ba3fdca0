import type { QuarantineReason } from '#contract/quarantine.ts';
import { SampleFlag } from '#contract/sample-batch.ts';
import type { Route, Sink } from './decoder.ts';
import { isObject, type JsonObject, parseJson } from './json-text.ts';

/** RFC 8428 §4.5.3: smaller times count from the time of receipt. */
const RELATIVE_BELOW = 2 ** 28;
/** The version that RFC 8428 registers. */
const VERSION = 10;

/** Fields that carry over from record to record (RFC 8428 §4.1). */
interface Base {
  name: string;
  time: number;
  timed: boolean;
  uom: string | null;
  value: number;
  valued: boolean;
}

/** The fields of the record under way; one object serves every record, since decoding is synchronous. */
const record = {
  name: '',
  uom: null as string | null,
  time: 0,
  timed: false,
  kind: 'none' as 'none' | 'number' | 'boolean' | 'text' | 'sum',
  value: 0,
  text: '',
  /** Only base fields: sets them for those that follow and measures nothing. */
  measures: false,
  reason: null as QuarantineReason | null,
  detail: '',
  /** A base field is wrong, so what follows cannot be named or dated. */
  poisons: false,
};

/** A pack of SenML records in JSON. Good records are kept where others are not. */
export function decodeSenml(payload: Buffer, _route: Route, sink: Sink): void {
  const pack = parseJson(payload, sink);
  if (pack === undefined) return;
  if (!Array.isArray(pack) || pack.length === 0) {
    sink.reject(null, 'schema', 'a SenML pack is an array of at least one record (RFC 8428 §5): enclose it in [ ]');
    return;
  }
  const base: Base = { name: '', time: 0, timed: false, uom: null, value: 0, valued: false };
  let poisoned = false;
  for (let index = 0; index < pack.length; index++) {
    const item: unknown = pack[index];
    if (poisoned) sink.reject(index, 'schema', 'an earlier record has a base field that cannot be read');
    else if (!isObject(item)) sink.reject(index, 'schema', `/${index} is not an object`);
    else {
      read(item, base);
      poisoned = record.poisons;
      if (record.reason !== null) sink.reject(index, record.reason, `/${index}${record.detail}`);
      else if (record.measures) deliver(base, sink, index);
    }
  }
}

function fail(reason: QuarantineReason, detail: string): void {
  // The first fault of a record is the one reported.
  if (record.reason !== null) return;
  record.reason = reason;
  record.detail = detail;
}

function wrongBase(key: string, wanted: string): void {
  record.poisons = true;
  fail('schema', `/${key} must be ${wanted}`);
}

function clear(): void {
  record.name = '';
  record.uom = null;
  record.timed = false;
  record.time = 0;
  record.kind = 'none';
  record.measures = false;
  record.reason = null;
  record.poisons = false;
}

function read(item: JsonObject, base: Base): void {
  clear();
  for (const key in item) {
    const x = item[key];
    switch (key) {
      case 'bn':
        if (typeof x === 'string') base.name = x;
        else wrongBase(key, 'text');
        break;
      case 'bt':
        if (typeof x === 'number') {
          base.time = x;
          base.timed = true;
        } else wrongBase(key, 'a number of seconds');
        break;
      case 'bu':
        if (typeof x === 'string') base.uom = x;
        else wrongBase(key, 'text');
        break;
      case 'bv':
        if (typeof x === 'number') {
          base.value = x;
          base.valued = true;
        } else wrongBase(key, 'a number');
        break;
      case 'bver':
        if (typeof x !== 'number') wrongBase(key, 'a number');
        else if (x > VERSION) {
          record.poisons = true;
          fail('unsupported', `/bver is ${x}: version ${VERSION} is what RFC 8428 defines`);
        }
        break;
      default:
        readOwn(key, x);
    }
  }
  // RFC 8428 §4.1: with a base value, a missing value counts as zero.
  if (record.kind === 'none' && base.valued && record.measures) takeValue('number', 0, '');
  if (record.measures && record.kind === 'none') fail('schema', ' has no value: one of v, vb, vs is needed');
  if (record.kind === 'sum') fail('unsupported', '/s alone: sums are not kept, send v as well');
}

function readOwn(key: string, x: unknown): void {
  switch (key) {
    case 'n':
      if (typeof x === 'string') record.name = x;
      else fail('schema', '/n must be text');
      record.measures = true;
      break;
    case 'u':
      if (typeof x === 'string') record.uom = x;
      else fail('schema', '/u must be text');
      record.measures = true;
      break;
    case 't':
      if (typeof x === 'number') record.time = x;
      else fail('schema', '/t must be a number of seconds');
      record.timed = true;
      record.measures = true;
      break;
    case 'v':
      if (typeof x === 'number') takeValue('number', x, '');
      else fail('schema', '/v must be a number');
      break;
    case 'vb':
      if (typeof x === 'boolean') takeValue('boolean', x ? 1 : 0, '');
      else fail('schema', '/vb must be true or false');
      break;
    case 'vs':
      if (typeof x === 'string') takeValue('text', 0, x);
      else fail('schema', '/vs must be text');
      break;
    case 'vd':
      fail('unsupported', '/vd: binary values are not kept');
      break;
    case 's':
      if (typeof x !== 'number') fail('schema', '/s must be a number');
      else if (record.kind === 'none') takeValue('sum', x, '');
      break;
    default:
      // RFC 8428 §4.4: a label that ends so must be understood; any other unknown one may be passed over.
      if (key.endsWith('_')) fail('unsupported', `/${key.slice(0, 32)} must be understood, and is not`);
  }
}

function takeValue(kind: 'number' | 'boolean' | 'text' | 'sum', value: number, text: string): void {
  if (record.kind !== 'none' && record.kind !== 'sum') fail('schema', ' has more than one of v, vb, vs');
  record.kind = kind;
  record.value = value;
  record.text = text;
  record.measures = true;
}

function deliver(base: Base, sink: Sink, index: number): void {
  let flags = 0;
  let time: number;
  const seconds = base.time + record.time;
  // An infinite sum is not below the bound, so it arrives at the sink and is refused there as a bad time.
  if ((record.timed || base.timed) && !(seconds < RELATIVE_BELOW)) time = Math.round(seconds * 1000);
  else {
    time = sink.receipt + Math.round(seconds * 1000);
    flags = SampleFlag.receiptTime;
  }
  const uom = record.uom ?? base.uom;
  const value = record.kind === 'number' ? base.value + record.value : record.value;
  if (record.kind === 'text') sink.text(base.name, record.name, time, record.text, index);
  else if (uom === 'lat' || uom === 'lon') sink.move(base.name, record.name, uom, value, index);
  else sink.number(base.name, record.name, uom, time, value, flags, index);
}
