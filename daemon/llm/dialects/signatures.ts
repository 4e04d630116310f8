/** Of all signatures that are kept, and of one. */
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
    letters -= kept.get(callId)?.length ?? 0;
    kept.delete(callId);
  }

  return {
    get: (callId) => kept.get(callId),
    put(callId, signature) {
      drop(callId);
      if (signature.length > ONE_LETTERS) return;
      kept.set(callId, signature);
      letters += signature.length;
      for (const oldest of kept.keys()) {
        if (letters <= MOST_LETTERS) break;
        drop(oldest);
      }
    },
  };
}
