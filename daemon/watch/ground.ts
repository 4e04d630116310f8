/** What a look at a path finds. Declared here and not taken from the files, since no feature imports another. */
export interface Sight {
  readonly kind: "file" | "folder";
  /** Of a file: changes with its content, as far as the system notes it; its last part alone changes with a rename. Of a folder: which one it is. */
  readonly stamp: string;
  /** Of a file that can be read. */
  readonly hash?: string;
}

/** The disk as a watch may see it: always through the sandbox. Whoever makes a watch passes it in. */
export interface Ground {
  /** The roots. */
  readonly folders: readonly { readonly name: string }[];
  /** What stands at a path, a file with its hash; undefined where nothing is that may be seen, such as a link. */
  sight(root: string, path: string, signal: AbortSignal): Promise<Sight | undefined>;
  /** All that stands below a path, each folder before what it holds, without hashes. A folder is listed after it was told of. */
  survey(root: string, path: string, signal: AbortSignal): AsyncIterable<readonly [string, Sight]>;
  /** Whether the system's notices on a folder tell of all below it. */
  readonly tellsOfAllBelow: boolean;
  /** Calls back with where the system finds a folder during the call: for its notices only. Not where there is none that may be seen. */
  reach(root: string, path: string, act: (folder: string) => void): void;
  /** Whether nobody may see a folder because of its names, so that there is no need to watch it. */
  isDenied(path: string): boolean;
}
