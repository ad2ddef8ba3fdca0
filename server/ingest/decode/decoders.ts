import type { DecoderName } from '#contract/names.ts';
import { decodeCloudEvents } from './cloudevents.ts';
import type { Decoder } from './decoder.ts';
import { decodeGeoJson } from './geojson.ts';
import { decodeJson } from './json.ts';
import { decodeNumber } from './number.ts';
import { decodeOnvif } from './onvif.ts';
import { decodeSenml } from './senml.ts';

/** Every payload format the hub reads. A new one is a file, a line here and a test. */
export const decoders: Readonly<Record<DecoderName, Decoder>> = {
  senml: decodeSenml,
  json: decodeJson,
  number: decodeNumber,
  onvif: decodeOnvif,
  cloudevents: decodeCloudEvents,
  geojson: decodeGeoJson,
};
