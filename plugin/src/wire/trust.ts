/** An answer of the proven daemon that is older than this says nothing about who listens on its port now. */
const FRESH_SECONDS = 5;

export interface TrustOptions {
  readonly url: () => string;
  readonly token: () => string | undefined;
  /** Has whatever answers prove that it knows the token; rejects where it does not. */
  readonly prove: (token: string) => Promise<void>;
  /** Seconds. */
  readonly clock: () => number;
}

interface Proving {
  /** Address and token. */
  readonly of: string;
  readonly done: Promise<void>;
}

/**
 * Whether the daemon's proof still holds, so that a token may be sent. The proof is asked for anew once the connection
 * was lost, or once the daemon has not been heard for 5 s; a long poll that has just answered counts as heard.
 * What remains: a process that takes the port within those 5 s, unnoticed by any request, gets the token.
 */
export interface Trust {
  /** Resolves once there is a proof that holds. */
  ensure(): Promise<void>;
  /** Asks for a proof now, whatever was heard before. */
  renew(): Promise<void>;
  /** Call it before a request, and what it answers once the daemon has answered that one. */
  listen(): () => void;
  lost(): void;
}

export function createTrust({ url, token, prove, clock }: TrustOptions): Trust {
  /** Address and token that the proof is for: another of either needs a proof of its own. */
  let proven: string | undefined;
  let heardAt = 0;
  let losses = 0;
  let proving: Proving | undefined;

  const pair = () => `${url()} ${token() ?? ""}`;

  function lost(): void {
    proven = undefined;
    losses += 1;
  }

  async function demand(of: string): Promise<void> {
    const before = losses;
    await prove(token() ?? "");
    // A loss, another address or another token meanwhile: the proof is out of date.
    if (before !== losses || of !== pair()) return;
    proven = of;
    heardAt = clock();
  }

  function begin(of: string): Proving {
    const begun = { of, done: demand(of) };
    proving = begun;
    const settled = () => {
      if (proving === begun) proving = undefined;
    };
    begun.done.then(settled, settled);
    return begun;
  }

  /** Several calls at once wait for one proof. It may be refused at once: then it is no longer `proving` here. */
  async function renew(): Promise<void> {
    const of = pair();
    const awaited = proving?.of === of ? proving : begin(of);
    await awaited.done;
  }

  const holds = () => proven === pair() && clock() - heardAt <= FRESH_SECONDS;

  return {
    async ensure() {
      while (!holds()) await renew();
    },
    renew() {
      proven = undefined;
      return renew();
    },
    listen() {
      const before = losses;
      return () => {
        if (before === losses) heardAt = clock();
      };
    },
    lost() {
      lost();
    },
  };
}
