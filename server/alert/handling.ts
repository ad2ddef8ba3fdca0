import type { Handling } from '#contract/names.ts';
import type { Axis } from './axis.ts';

export type HandlingTrigger =
  | 'acknowledge'
  | 'assign'
  | 'accepted'
  | 'refused'
  | 'in-progress'
  | 'done'
  | 'resolve'
  | 'reopen';

/**
 * Who has it in hand. A refusal gives the alert back to the queue. An alert whose condition ended stays where it is
 * here: one that nobody acknowledged stays `new` until somebody does.
 */
export const HANDLING_AXIS: Axis<Handling, HandlingTrigger> = {
  new: {
    acknowledge: 'acknowledged',
    assign: 'assigned',
    accepted: 'in-progress',
    refused: 'new',
    'in-progress': 'in-progress',
    done: 'done',
    resolve: 'closed',
  },
  acknowledged: {
    assign: 'assigned',
    accepted: 'in-progress',
    refused: 'new',
    'in-progress': 'in-progress',
    done: 'done',
    resolve: 'closed',
  },
  assigned: {
    acknowledge: 'assigned',
    assign: 'assigned',
    accepted: 'in-progress',
    refused: 'new',
    'in-progress': 'in-progress',
    done: 'done',
    resolve: 'closed',
  },
  'in-progress': {
    assign: 'assigned',
    refused: 'new',
    'in-progress': 'in-progress',
    done: 'done',
    resolve: 'closed',
  },
  done: { resolve: 'closed', reopen: 'new' },
  closed: { reopen: 'new' },
};
