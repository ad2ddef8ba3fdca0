import { createHash, randomUUID } from 'node:crypto';
import { type Alert, AlertCommand } from '#contract/alert.ts';
import type { Principal } from '#contract/people.ts';
import { actorOf, allows } from '../auth/policy.ts';
import { Refused, refuseField } from '../auth/refusal.ts';
import type { AlertLookup, CommandLog, PeopleLookup } from './ports.ts';
import { compileCheck } from './schema-errors.ts';

export interface CommandExecutorOptions {
  readonly log: CommandLog;
  readonly alerts: AlertLookup;
  readonly people: PeopleLookup;
  readonly now: () => number;
  readonly newId?: () => string;
}

export interface ExecuteOptions {
  /** Chosen by the caller; the same key for the same alert and principal is the same command, also after a restart. */
  readonly idempotencyKey?: string | undefined;
}

const check = compileCheck(AlertCommand);

/**
 * The one door through which people and machines act on alerts: REST, MQTT inbox, desk and phone. Here is decided who
 * may; whether an alert's state permits it, the alert book decides when the command's turn in the log comes.
 */
export class CommandExecutor {
  readonly #options: CommandExecutorOptions;

  constructor(options: CommandExecutorOptions) {
    this.#options = options;
  }

  /**
   * @param command an {@link AlertCommand}, not yet checked
   * @returns the alert after the command
   * @throws Refused `not-found` (also for an alert the principal may not see), `forbidden`, `invalid-request` or
   * `not-allowed-now`; what the log throws while it takes nothing in
   */
  async execute(principal: Principal, id: string, command: unknown, options: ExecuteOptions = {}): Promise<Alert> {
    const errors = check(command);
    if (errors.length > 0) throw new Refused('invalid-request', 'this is not a command for an alert', { errors });
    const valid = normalise(command as AlertCommand);
    const alert = this.#options.alerts.get(id);
    if (!alert || !allows(principal, 'alerts:read', { unit: alert.unit })) throw notFound(id);
    this.#authorise(principal, alert, valid);
    this.#checkContent(valid);
    const answer = await this.#options.log.submit({
      id: this.#commandId(principal, id, options.idempotencyKey),
      alert: id,
      actor: actorOf(principal),
      command: valid,
    });
    if ('change' in answer) return answer.change.alert;
    if (answer.refused.code === 'not-found') throw notFound(id);
    throw new Refused('not-allowed-now', answer.refused.reason);
  }

  #authorise(principal: Principal, alert: Alert, command: AlertCommand): void {
    const policy = `alerts:${command.type}` as const;
    if (!allows(principal, policy, { unit: alert.unit })) {
      throw new Refused('forbidden', `your role does not ${command.type} alerts`);
    }
    // Who acts for one unit may hand on within it, but not load another with work.
    if (command.type === 'assign' && !allows(principal, policy, { unit: command.unit })) {
      throw new Refused('forbidden', `your role assigns alerts within your own unit, not to "${command.unit}"`);
    }
  }

  #checkContent(command: AlertCommand): void {
    const { people, now } = this.#options;
    if (command.type === 'shelve' && Date.parse(command.until) <= now()) {
      throw refuseField('/until', 'lies in the past');
    }
    if (command.type !== 'assign') return;
    if (!people.unitExists(command.unit)) throw refuseField('/unit', `there is no unit "${command.unit}"`);
    if (command.user !== undefined && people.unitOfUser(command.user) !== command.unit) {
      throw refuseField('/user', `"${command.user}" is not a person of ${command.unit}`);
    }
  }

  #commandId(principal: Principal, alert: string, key: string | undefined): string {
    if (key === undefined) return (this.#options.newId ?? randomUUID)();
    return createHash('sha256')
      .update(JSON.stringify([principal.kind, principal.name, alert, key]))
      .digest('hex')
      .slice(0, 32);
  }
}

function notFound(id: string): Refused {
  return new Refused('not-found', `there is no alert "${id}"`);
}

/** Text is NFC inside the hub, whatever keyboard it came from. */
function normalise(command: AlertCommand): AlertCommand {
  const entries = Object.entries(command).map(([key, value]) => [
    key,
    typeof value === 'string' ? value.normalize('NFC') : value,
  ]);
  return Object.fromEntries(entries) as AlertCommand;
}
