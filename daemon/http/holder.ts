import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";

const LISTENING = "0A";
/** Characters of its command line that tell enough. */
const SHOWN = 60;

async function listeningInodes(table: string, port: number): Promise<string[]> {
  const rows = (await readFile(table, "utf8")).split("\n").slice(1);
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && Number.parseInt(local?.split(":")[1] ?? "", 16) === port)
    .map((columns) => `socket:[${columns[9]}]`);
}

async function holds(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  // The handles of another user's process are not shown to us, and those of one that ends are gone.
  const handles = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const handle of handles) {
    // A handle that is closed while we look is not the one we look for.
    if (sockets.has(await readlink(`/proc/${pid}/fd/${handle}`).catch(() => ""))) return true;
  }
  return false;
}

/** The process that listens on a port, as "name (process 123)", where this system tells (Linux, processes of the same user); otherwise undefined. */
export async function holderOf(port: number): Promise<string | undefined> {
  try {
    const tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    const sockets = new Set((await Promise.all(tables.map((table) => listeningInodes(table, port)))).flat());
    for (const pid of await readdir("/proc")) {
      if (!/^\d+$/.test(pid) || !(await holds(pid, sockets))) continue;
      const [program = "", ...args] = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
      return `${[basename(program), ...args].join(" ").trim().slice(0, SHOWN)} (process ${pid})`;
    }
    return undefined;
  } catch {
    return undefined; // A system without /proc does not tell; the message then goes without a name.
  }
}
