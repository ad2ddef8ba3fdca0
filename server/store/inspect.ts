import pg from 'pg';
import { sessionOn } from './database.ts';
import { reasonOf } from './errors.ts';
import { findProblems } from './server-check.ts';

const PATIENCE = 5_000;

/** Looks at an external server as the start would, and changes nothing. One sentence a problem, with its remedy. */
export async function inspectServer(url: string): Promise<{ problems: string[]; version: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE });
  // A server that goes away between two queries would otherwise end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await findProblems(sessionOn(client, PATIENCE));
  } catch (error) {
    return { problems: [`it does not answer: ${reasonOf(error)}`], version: '' };
  } finally {
    await client.end().catch(() => undefined);
  }
}
