/** Of all signatures that are kept, and of one, with the ids of their calls. */
const MOST_LETTERS = 4 * 1024 * 1024;
const ONE_LETTERS = 256 * 1024;

/** What a model signed its calls of tools with, by the call's id, and wants to see again with them. The oldest go first. */
export interface Signatures {
  get(callId: string): string | undefined;
  put(callId: string, signature: string): void;
}

export function createSignatures(): Signatures {
  const kept = new Map<string, string>();
  let letters = 0;

  function drop(callId: string): void {
    const signature = kept.get(callId);
    if (signature === undefined) return;
    letters -= callId.length + signature.length;
    kept.delete(callId);
  }

  return {
    get: (callId) => kept.get(callId),
    put(callId, signature) {
      drop(callId);
      const own = callId.length + signature.length;
      if (own > ONE_LETTERS) return;
      kept.set(callId, signature);
      letters += own;
      for (const oldest of kept.keys()) {
        if (letters <= MOST_LETTERS) break;
        drop(oldest);
      }
    },
  };
}
