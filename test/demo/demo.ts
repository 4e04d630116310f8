import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bake } from "../../daemon/cli/bake.ts";
import type { Theme } from "../studio/stand-in/index.ts";
import { openStudio } from "../studio/stand-in/open-studio.ts";
import type { StudioPage } from "../studio/stand-in/page-server.ts";
import { puente, type Serving, serve } from "../support/cli.ts";
import { TOP } from "../support/sources.ts";
import { type DemoModel, startDemoModel } from "./model.ts";

const EXAMPLE = join(TOP, "examples", "place");
const PLUGIN = join(TOP, "dist", "puente.rbxmx");
const WIDGET = "Puente"; // the id of the panel's dock widget

export interface DemoOptions {
  readonly theme?: Theme;
  /** Of the page; any free one by default. */
  readonly port?: number;
}

export type Demo = Awaited<ReturnType<typeof startDemo>>;

/**
 * The real daemon on a copy of the example place and before a scripted model, and a Studio in the browser with the real
 * plugin, paired with it.
 */
export async function startDemo({ theme = "Dark", port = 0 }: DemoOptions = {}) {
  const top = mkdtempSync(join(tmpdir(), "puente-demo-"));
  const folder = join(top, "place");
  const home = join(top, "home");
  let model: DemoModel | undefined;
  let daemon: Serving | undefined;
  let page: StudioPage | undefined;
  const startDaemon = async (port: number) => {
    const upstream = model === undefined ? [] : ["--upstream", `demo=openai+${model.url}`];
    daemon = await serve([folder, "--port", `${port}`, "--no-discovery", ...upstream], { home });
    return daemon;
  };
  const close = async () => {
    await page?.close();
    await daemon?.end("SIGTERM");
    await model?.close();
    rmSync(top, { recursive: true, force: true });
  };
  try {
    cpSync(EXAMPLE, folder, { recursive: true });
    mkdirSync(home, { mode: 0o700 });
    model = await startDemoModel();
    const { url } = await startDaemon(0);
    const token = await createToken(home);
    const plugin = join(top, "Puente.rbxmx");
    writeFileSync(plugin, bake(readFileSync(PLUGIN, "utf8"), { url, token }), { mode: 0o600 });
    page = await openStudio({ plugins: [plugin], theme, settings: { [`widget ${plugin} ${WIDGET}`]: true } }, port);
  } catch (error) {
    await close();
    throw error;
  }
  const { url, studio } = page;
  const { port: daemonPort } = daemon as Serving;
  return {
    /** Of the page. */
    url,
    studio,
    /** The served copy of the example. */
    folder,
    stopDaemon: () => daemon?.end("SIGTERM"),
    startDaemon: () => startDaemon(daemonPort),
    close,
  };
}

async function createToken(home: string): Promise<string> {
  const scope = "files:read,files:write,llm";
  const { code, stdout, stderr } = await puente(["token", "create", "--name", "demo", "--scope", scope], { home });
  if (code !== 0) throw new Error(`puente token create: ${stderr}`);
  return stdout.trim();
}
