/**
 * Repairs the order of alert changes by their numbers. Socket.IO delivers at most once, and a hub sends a slow client
 * nothing at all for a while; the numbers say what is missing.
 *
 * `apply`: it follows what we have. `duplicate`: we have it. `watch`: something between is missing, ask for what came
 * after what we have.
 */
export type AlertStep = 'apply' | 'duplicate' | 'watch';

/**
 * @param known number of the newest change we have, all changes we may see before it included; null: nothing yet.
 * @param message its own number, and that of the change before it among those we may see.
 */
export function judgeChange(
  known: number | null,
  message: { readonly seq: number; readonly after: number },
): AlertStep {
  if (known === null) return 'watch';
  if (message.seq <= known) return 'duplicate';
  return message.after <= known ? 'apply' : 'watch';
}
