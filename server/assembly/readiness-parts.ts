import type { Journal } from '../journal/journal.ts';
import type { Readiness } from '../observe/readiness.ts';
import type { Store } from '../store/start.ts';
import type { Broker } from './broker.ts';
import type { Reloading } from './reloading.ts';

const LAG_GROUPS = 2000;

export interface WatchedParts {
  readonly journal: Journal;
  readonly store: Store;
  readonly broker: Broker;
  readonly reloading: Reloading;
}

/** What may fail while the hub runs. Only a hub that cannot take anything in is not ready; the rest it lives with. */
export function watchParts(readiness: Readiness, { journal, store, broker, reloading }: WatchedParts): void {
  readiness.add({
    name: 'journal',
    fatal: true,
    check: () =>
      journal.accepting() ? null : `${Math.round(journal.fill() * 100)} % full: nothing more is acknowledged`,
  });
  readiness.add({
    name: 'database',
    fatal: false,
    check: () => {
      const { state, reason } = store.status();
      return state === 'up' ? null : `${reason ?? 'does not answer'}; what comes in waits in the journal`;
    },
  });
  readiness.add({
    name: 'database-lag',
    fatal: false,
    check: () => {
      const lag = journal.lastInput() - store.status().inputPosition;
      return store.status().state === 'up' && lag > LAG_GROUPS ? `${lag} groups behind the journal` : null;
    },
  });
  readiness.add({
    name: 'broker',
    fatal: false,
    check: () => {
      const link = broker.external?.link();
      return !link || link.state === 'up' ? null : (link.reason ?? 'no connection');
    },
  });
  readiness.add({ name: 'configuration', fatal: false, check: () => reloading.faults.configuration });
  readiness.add({ name: 'rules', fatal: false, check: () => reloading.faults.rules });
}
