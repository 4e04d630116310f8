import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { puente, type Serving, serve } from "../support/cli.js";
import { TOP } from "../support/sources.js";
import { type Studio, type Switches, startStudio } from "./stand-in/index.js";

/** The packed plugin, as `npm run build` leaves it. */
export const PACKED = join(TOP, "dist", "puente.rbxmx");
const SECONDS = 10;
const POLL_MS = 20;

export interface SceneOptions {
  /** Content of the served folder, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly switches?: Partial<Switches>;
  /** Settings the plugin has from before. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes the plugin file, once the daemon serves; the packed one by default. */
  readonly plugin?: (place: { url: string; home: string }) => Promise<string>;
  /** A model that the daemon knows as the upstream `lm`. */
  readonly model?: { readonly url: string };
  /** The address the plugin asks, where it is not the daemon's. Then no daemon runs at first. */
  readonly address?: string;
}

/** An address on which nobody answers. */
export async function unusedAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

/** A daemon of its own that serves one temporary folder named `place`, and a Studio with the plugin's panel open. */
export type Scene = Awaited<ReturnType<typeof setScene>>;

/** Waits until `ask` answers something. */
export async function eventually<T>(label: string, ask: () => Promise<T | undefined>, seconds = SECONDS): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`${label}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

export async function setScene(options: SceneOptions = {}) {
  const top = mkdtempSync(join(tmpdir(), "puente-plugin-"));
  const folder = join(top, "place");
  const home = join(top, "home");
  mkdirSync(folder);
  mkdirSync(home, { mode: 0o700 });
  const fill = (files: SceneOptions["files"]) => {
    for (const [path, content] of Object.entries(files ?? {})) {
      mkdirSync(join(folder, path, ".."), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  };
  fill(options.files);
  let daemon: Serving | undefined;
  const serves = () => {
    if (daemon === undefined) throw new Error("no daemon has been started");
    return daemon;
  };
  const startDaemon = async (port: number) => {
    const upstream = options.model === undefined ? [] : ["--upstream", `lm=openai+${options.model.url}`];
    daemon = await serve([folder, "--port", String(port), "--no-discovery", ...upstream], { home });
  };
  if (options.address === undefined) await startDaemon(0);
  const address = options.address ?? serves().url;
  // A file of its own for each scene: a plugin's settings belong to its file.
  const plugin = join(top, "puente.rbxmx");
  copyFileSync((await options.plugin?.({ url: address, home })) ?? PACKED, plugin);
  const studio: Studio = await startStudio({
    plugins: [plugin],
    settings: { [plugin]: { address, ...options.settings } },
    switches: options.switches ?? {},
  });

  const texts = () => studio.texts();
  const sees = (label: string, fits: (lines: string[]) => boolean, seconds = SECONDS) =>
    eventually(
      label,
      async () => {
        const lines = await texts();
        return fits(lines) ? lines : undefined;
      },
      seconds,
    ).catch(async (error: Error) => {
      throw new Error(`${error.message}; the panel shows: ${(await texts()).join(" | ")}`);
    });

  const scene = {
    folder,
    home,
    studio,
    plugin,
    url: () => serves().url,
    path: (name: string) => join(folder, name),
    texts,
    sees,
    /** Waits until a line of the panel is, or matches, what is given. */
    see: (wanted: string | RegExp, seconds?: number) =>
      sees(
        `to see ${wanted}`,
        (lines) => lines.some((line) => (typeof wanted === "string" ? line === wanted : wanted.test(line))),
        seconds,
      ),
    seeNo: (wanted: string, seconds?: number) =>
      sees(`to see no ${wanted}`, (lines) => !lines.includes(wanted), seconds),
    /** As a person does: once a button with this caption or name is there, and can be pressed. */
    click: (text: string) =>
      eventually(`to click ${text}`, () =>
        studio.activate(text).then(
          () => true,
          (error: Error) => {
            if (!/ is not active$|^nothing visible is a button /.test(error.message)) throw error;
            return undefined;
          },
        ),
      ).catch(async (error: Error) => {
        throw new Error(`${error.message}; the panel shows: ${(await texts()).join(" | ")}`);
      }),
    /** What the editor shows of a file that is open. */
    editorText: (path: string) =>
      studio.run<string>(`return game:GetService("ScriptEditorService"):GetEditorSource((${scriptAt(path)}))`),
    /** Replaces the text of an open file, as the user's typing does. */
    edit: async (path: string, text: string) => {
      await studio.run(
        `game:GetService("ScriptEditorService"):UpdateSourceAsync((${scriptAt(path)}), function() return ${luau(text)} end)`,
      );
    },
    /** Asks a question in the chat. */
    ask: async (question: string) => {
      await scene.see(/^Ask something\. /);
      await studio.type("Question", question);
      await scene.click("Ask");
    },
    open: async (path: string) => {
      const parts = path.split("/");
      for (const part of parts) await scene.click(part);
      await scene.see(`place/${path}`);
    },
    /** Pairs as a user does: the button, then the command in the terminal. */
    pair: async () => {
      await scene.click("Pair with this machine");
      await scene.approve();
      await scene.see("Connected");
    },
    code: async () => {
      const lines = await scene.see(/^npm run --silent puente -- pair approve /);
      return (
        (lines.find((line) => line.startsWith("npm run --silent puente -- pair approve ")) ?? "").split(" ").at(-1) ??
        ""
      );
    },
    approve: async () => {
      const outcome = await puente(["pair", "approve", await scene.code()], { home });
      if (outcome.code !== 0) throw new Error(`puente pair approve: ${outcome.stdout}${outcome.stderr}`);
    },
    puente: (...args: string[]) => puente(args, { home }),
    daemon: serves,
    startDaemon: () => startDaemon(0),
    restartDaemon: () => startDaemon(serves().port),
    fill,
    /** Closes every open file and empties the folder, so that the next test begins as if anew. */
    clear: async () => {
      await studio.run(`local folder = game:GetService("ServerStorage"):FindFirstChild("Puente")
        if folder then folder:Destroy() end`);
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
      await scene.see("This folder is empty.");
    },
    close: async () => {
      await studio.close();
      await daemon?.end("SIGKILL");
      rmSync(top, { recursive: true, force: true });
    },
  };
  await studio.clickToolbarButton("Puente");
  return scene;
}

/** A text as a literal of Luau. */
export function luau(text: string): string {
  return `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, "0")}`).join("")}"`;
}

/** An expression of Luau: the script that holds a file of the root `place`. */
function scriptAt(path: string): string {
  return `(function()
    for _, each in game:GetService("ServerStorage"):GetDescendants() do
      if each:GetAttribute("PuentePath") == ${luau(path)} then return each end
    end
  end)()`;
}
