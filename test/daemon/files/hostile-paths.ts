import { randomFrom } from "../../support/random.js";

/** Parts that attack, parts that are denied, and parts that are there. `BASE` stands for the folder above the root. */
export const FRAGMENTS = [
  "..", ".", "", "...", "....", ".. ", "..;", "~", "~root", "%2e%2e", "%252e%252e", "%c0%ae%c0%ae", "．．", "‥",
  "BASE", "BASE/outside/secret.txt", "/etc/passwd", "etc", "proc/self/root", "dev/zero", "root", "root2", "outside",
  "C:", "C:\\", "\\\\?\\", "\\\\server\\share", "file://", "::$DATA", "::$INDEX_ALLOCATION", "con", "aux.lua", "NUL",
  "COM¹", "GIT~1", "SECRET~1.TXT", ".git", ".GIT", ".g\u200cit", ".git.", "config", ".env", ".env.local", "id.pem",
  `.puente-${"0".repeat(32)}.tmp`, "Puente.rbxmx", "secret.txt", "link", "leak", "far", "loop", "near",
  "file", "folder", "inner", "new", "__proto__", "constructor", "toString", "名前", "e\u0301", "\u00e9", "🎮",
  "\0", "\n", "\u007f", "\u202e", "\ufeff", "\ud800", "\udc00", "n".repeat(255), "n".repeat(256), "€".repeat(86), "d/".repeat(70),
]; // biome-ignore format: a table

const SEPARATORS = ["/", "/", "/", "/", "/", "\\", "//", "/./", "/../", "%2f", "%5c", "∕", "／", "\0", ""];

type Next = (below: number) => number;

/** Ways to make another path of one. */
export const MUTATIONS: readonly ((path: string, next: Next) => string)[] = [
  (path) => path,
  (path) => path,
  (path) => path,
  (path) => path.toUpperCase(),
  (path) => path.normalize("NFD"),
  (path) => path.normalize("NFKC"),
  (path) => path.replaceAll(".", "%2e"),
  (path) => path.replaceAll("/", "\\"),
  (path) => path.replaceAll("/", "%2f"),
  (path) => path.replaceAll("%", "%25"),
  (path) => path.replaceAll(".", "．"),
  (path) => `${path}.`,
  (path) => `${path} `,
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}::$DATA`,
  (path) => `${path}\0.txt`,
  (path, next) => `${"../".repeat(1 + next(12))}${path}`,
  (path, next) => `${path}${"/..".repeat(1 + next(12))}`,
  (path, next) => `folder/${"../".repeat(1 + next(4))}${path}`,
  (path, next) => path.slice(next(path.length + 1)),
  (path, next) => path.slice(0, next(path.length + 1)),
  (path, next) => insert(path, next, String.fromCharCode(next(0x20))),
  (path, next) => insert(path, next, String.fromCharCode(0xd800 + next(0x800))),
  (path, next) => insert(path, next, String.fromCharCode(next(0x10000))),
  (path, next) => insert(path, next, "\u200d"),
  (path, next) => insert(path, next, "/"),
  (path, next) => insert(path, next, ".."),
];

function insert(path: string, next: Next, text: string): string {
  const at = next(path.length + 1);
  return path.slice(0, at) + text + path.slice(at);
}

/** So many different paths, the same for the same seed: each fragment by itself first, then joined and mutated. */
export function hostilePaths(count: number, seed: number, base: string): string[] {
  const random = randomFrom(seed);
  const next: Next = (below) => Math.floor(random() * below);
  const pick = <T>(from: readonly T[]): T => from[next(from.length)] as T;
  const paths = new Set(FRAGMENTS);
  while (paths.size < count) {
    let path = pick(FRAGMENTS);
    for (let more = next(4); more > 0; more -= 1) path += pick(SEPARATORS) + pick(FRAGMENTS);
    for (let more = next(3); more > 0; more -= 1) path = pick(MUTATIONS)(path, next);
    paths.add(path);
  }
  return [...paths].map((path) => path.replaceAll("BASE", base));
}
