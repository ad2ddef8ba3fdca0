import type { Credential } from '#contract/source.ts';

/** Answer of `GET /sources/{id}/sample-payload`: what to send, and where. */
export interface SamplePayload {
  readonly topic: string;
  /** Ready to send, as text. */
  readonly payload: string;
  /** Where devices reach the broker; the page's own host where the hub does not say. */
  readonly host?: string;
  readonly port?: number;
}

/** A `mosquitto_pub` call that sends the sample payload once and waits for its acknowledgement. */
export function mosquittoCommand(sample: SamplePayload, credential: Credential, pageHost: string): string {
  const host = sample.host ?? pageHost;
  const port = sample.port ?? 1883;
  return [
    `mosquitto_pub -h ${shellQuoted(host)} -p ${port} -q 1`,
    `-u ${shellQuoted(credential.username)} -P ${shellQuoted(credential.password)}`,
    `-t ${shellQuoted(sample.topic)}`,
    `-m ${shellQuoted(sample.payload)}`,
  ].join(' \\\n  ');
}

/** One word to a POSIX shell, whatever is in it. */
export function shellQuoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
