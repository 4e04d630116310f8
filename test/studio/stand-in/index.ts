import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { outputLine, outputLog } from "./output-log.ts";
import { readRbxmx } from "./rbxmx.ts";
import { defaultSwitches, type Switches } from "./switches.ts";
import type { PageMessage, PageNews } from "./worker/page.ts";
import { type OutputLine, startWorker } from "./worker-link.ts";

export type { Switches } from "./switches.ts";
export type { OutputLine } from "./worker-link.ts";

export interface StudioOptions {
  /** Packed plugin files, `.rbxmx`. */
  plugins: string[];
  /** What an earlier Studio's `settings()` answered: by plugin file what it has kept, and `widget FILE ID`: whether it was open. */
  settings?: Record<string, unknown>;
  theme?: Theme;
  placeName?: string;
  /** 0, of a place that was never published, if absent. */
  placeId?: number;
  switches?: Partial<Switches>;
}

export type Theme = "Light" | "Dark";
type Settings = Record<string, Record<string, unknown>>;
interface Widget {
  id: string;
  title: string;
  enabled: boolean;
}
interface ToolbarButton {
  toolbar: string;
  text: string;
  tooltip: string;
  enabled: boolean;
  active: boolean;
}
/** What holds one of the slots for stream clients. */
interface StreamClientStats {
  type: "SSE" | "RawStream" | "WebSocket";
  url: string;
  state: "Connecting" | "Open" | "Error" | "Closed";
  /** The plugin's name, as `user_x.rbxmx`, or "command bar". */
  madeBy: string;
  /** Its plugin was unloaded without closing it. */
  leaked: boolean;
  /** Read from the network, and not yet seen by Luau. */
  undeliveredBytes: number;
}
export interface Stats {
  requestsMade: number;
  requestsInQuotaWindow: number;
  openRequests: number;
  queuedRequests: number;
  streamClients: StreamClientStats[];
  frames: number;
  /** Of Luau and of layout together, what comes in between two frames included. */
  workMilliseconds: number;
  layoutMilliseconds: number;
  longestFrameMilliseconds: number;
  longestResumptionMilliseconds: number;
  memoryKilobytes: number;
}

const LINES_IN_AN_ERROR = 12;
const DEADLINE = "deadline";

export type Studio = Awaited<ReturnType<typeof startStudio>>;

/** A Studio in edit mode with the given plugins running in it. Close it, or its thread stays. */
export async function startStudio(options: StudioOptions) {
  const log = outputLog();
  const switches = { ...defaultSwitches, ...options.switches };
  let settings = (options.settings ?? {}) as Settings;
  const listeners: { news?: (news: PageNews) => void; line?: (line: OutputLine) => void } = {};
  const onLine = (line: OutputLine) => {
    log.add(line);
    listeners.line?.(line);
  };
  const worker = await startWorker(
    {
      switches,
      settings,
      theme: options.theme ?? "Dark",
      placeName: options.placeName ?? "Place1",
      placeId: options.placeId ?? 0,
    },
    (message) => {
      if (message.kind === "settings") settings = message["settings"] as Settings;
      if (message.kind === "page") listeners.news?.(message as unknown as PageNews);
      if (message.kind !== "output") return;
      onLine(outputLine(message));
    },
  );

  const load = async (path: string) => {
    const items = modelIn(path, await readFile(path, "utf8"));
    await worker.ask("load", { key: path, name: `user_${basename(path)}`, items });
  };
  const tellPage = (message: PageMessage) => worker.tell("page", message);
  const unload = (path: string) => worker.ask("unload", { key: path });
  const lastLines = () =>
    log
      .lines()
      .slice(-LINES_IN_AN_ERROR)
      .map((line) => `  ${line.kind}: ${line.text}`)
      .join("\n") || "  (nothing)";

  try {
    for (const plugin of options.plugins) await load(plugin);
  } catch (error) {
    await worker.close();
    throw error;
  }

  return {
    /** Runs Luau as the command bar does, an expression or a block, and answers what it returns. */
    run: async <T = unknown>(source: string): Promise<T> => (await worker.ask("run", { source })) as T,

    /** Evaluates Luau once a frame until its value is truthy, and answers that value. */
    async until<T = unknown>(label: string, source: string, { seconds = 10 }: { seconds?: number } = {}): Promise<T> {
      try {
        return (await worker.ask("until", { source, seconds: seconds * switches.timeScale })) as T;
      } catch (error) {
        const why = (error as Error).message;
        const what = why === DEADLINE ? `was not so within ${seconds} s` : why;
        throw new Error(`${label}: ${what}. The last lines of the output:\n${lastLines()}`);
      }
    },

    toolbarButtons: async () => (await worker.ask("toolbar")) as ToolbarButton[],
    clickToolbarButton: async (text: string): Promise<void> => void (await worker.ask("click", { text })),
    widgets: async () => (await worker.ask("widgets")) as Widget[],
    /** The cross of a dock widget. */
    closeWidget: async (widget: string): Promise<void> => void (await worker.ask("closeWidget", { widget })),
    /** The visible texts, in reading order; of all widgets where none is named. */
    texts: async (widget?: string) => (await worker.ask("texts", { widget })) as string[],
    /** Clicks the one visible button with this caption or name. */
    activate: async (text: string): Promise<void> => void (await worker.ask("activate", { text })),
    /** Types into the one visible text box with this placeholder, name or text. */
    type: async (target: string, text: string, { enter = false }: { enter?: boolean } = {}): Promise<void> =>
      void (await worker.ask("type", { target, text, enter })),

    output: log.lines,
    /** Adds an error to the output, for what fails outside of Luau: a file that is no model. */
    report: (error: Error): void => onLine({ kind: "error", text: error.message }),
    setTheme: async (theme: Theme): Promise<void> => void (await worker.ask("theme", { theme })),
    /** What the plugins have kept until now; also after this Studio has ended. */
    settings: () => settings,

    async unloadPlugin(path?: string): Promise<void> {
      for (const plugin of path === undefined ? options.plugins : [path]) await unload(plugin);
    },
    async reloadPlugin(path?: string): Promise<void> {
      for (const plugin of path === undefined ? options.plugins : [path]) {
        await unload(plugin);
        await load(plugin);
      }
    },

    async stats({ begin = false } = {}): Promise<Stats> {
      const [luau, http] = await Promise.all([worker.ask("stats", { begin }), worker.ask("httpStats")]);
      const { kind: _kind, id: _id, ...network } = http as Stats & { kind: string; id: number };
      const { frames, memoryKilobytes, ...times } = luau as Stats;
      const ours = (milliseconds: number) => milliseconds / switches.timeScale;
      return {
        ...network,
        frames,
        workMilliseconds: ours(times.workMilliseconds),
        layoutMilliseconds: ours(times.layoutMilliseconds),
        longestFrameMilliseconds: ours(times.longestFrameMilliseconds),
        longestResumptionMilliseconds: ours(times.longestResumptionMilliseconds),
        memoryKilobytes,
      };
    },

    /** For whoever shows this Studio to people: what there is to see, frame by frame, and what they do. */
    page: {
      /** Begins anew: the next news holds all there is. */
      watch(news: (news: PageNews) => void, line: (line: OutputLine) => void): void {
        Object.assign(listeners, { news, line });
        tellPage({ watched: true });
      },
      unwatch(): void {
        delete listeners.news;
        delete listeners.line;
        tellPage({ watched: false });
      },
      say: (page: number, said: Extract<PageMessage, { said: unknown }>["said"]) => tellPage({ page, said }),
    },

    /** Why this Studio has ended, once it has. */
    ended: worker.ended,
    close: () => worker.close(),
  };
}

function modelIn(path: string, text: string) {
  try {
    return readRbxmx(text);
  } catch (error) {
    throw new Error(`${basename(path)}: ${(error as Error).message}`, { cause: error });
  }
}
