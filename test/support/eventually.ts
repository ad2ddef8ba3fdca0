/**
 * Asks again until there is an answer. For what happens in another process: the bound is generous because a passing test
 * does not wait for it.
 */
export async function eventually<T>(
  ask: () => T | null | undefined | Promise<T | null | undefined>,
  withinMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`nothing came within ${withinMs} ms`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
