import { type Logger as PinoLogger, pino } from 'pino';

/** Structured logs, one JSON object a line. Rooms take the part of this they need in their ports. */
export type Logger = PinoLogger;

/** Keys that never reach a log, wherever they stand in an object of two levels. */
const SECRET_KEYS = [
  'password',
  'passwordHash',
  'token',
  'secret',
  'cookie',
  'authorization',
  'endpoint',
  'auth',
  'p256dh',
];

/** @param destination where lines go; standard output unless a test collects them. */
export function createLogger(level: string, destination?: { write(line: string): void }): Logger {
  const options = {
    level,
    base: undefined,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.headers.${key}`]), censor: '***' },
  };
  return destination ? pino(options, destination) : pino(options);
}
