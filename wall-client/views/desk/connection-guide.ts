import type { Credential } from '#contract/source.ts';

/** Of the answer to `GET /sources/{id}/sample-payload`: what to send, and where. */
export interface SamplePayload {
  readonly topic: string;
  /** Ready to send, as text. */
  readonly payload: string;
  /** Where devices reach the broker; null: the host of this page. */
  readonly host: string | null;
  readonly port: number;
  readonly tls: boolean;
}

/** A `mosquitto_pub` call that sends the sample payload once and waits for its acknowledgement. */
export function mosquittoCommand(sample: SamplePayload, credential: Credential, pageHost: string): string {
  const host = sample.host ?? pageHost;
  return [
    `mosquitto_pub -h ${shellQuoted(host)} -p ${sample.port} -q 1${sample.tls ? ' --tls-use-os-certs' : ''}`,
    `-u ${shellQuoted(credential.username)} -P ${shellQuoted(credential.password)}`,
    `-t ${shellQuoted(sample.topic)}`,
    `-m ${shellQuoted(sample.payload)}`,
  ].join(' \\\n  ');
}

/** One word to a POSIX shell, whatever is in it. */
export function shellQuoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
