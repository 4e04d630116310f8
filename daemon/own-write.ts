/** What a client writes through the daemon, on its way: told to whoever watches, but for the client itself. */
export interface OwnWrite {
  /** What it is about lies ready: until it is over, nobody is told what happens at its paths and below them. */
  hold(): void;
  /**
   * It is over. To be called once, also when it failed.
   * @param results what the client knows now: the hash of each file it wrote; no hash for what it removed or moved away
   * and for folders. Of a path that holds anything else by now the client is told like all others.
   */
  done(results: readonly { readonly path: string; readonly hash?: string }[]): void;
}

/** @param root its name. @param writer the id of the client's token. @param paths all that it may change. */
export type BeginOwnWrite = (root: string, writer: string, paths: readonly string[]) => OwnWrite;
