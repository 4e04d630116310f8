/** Waits for all of them, and then fails as the first that failed: nothing goes on behind a failure's back. */
export async function together(...works: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works)) if (outcome.status === "rejected") throw outcome.reason;
}
