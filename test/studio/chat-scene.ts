import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveUpstream } from "../../daemon/upstream/upstream.js";
import { startDaemon } from "../support/daemon.js";
import { startScriptedModel } from "../support/scripted-model.js";
import { authorsPlugin } from "./authors-plugin.js";
import { luau } from "./plugin-scene.js";
import { type Switches, startStudio } from "./stand-in/index.js";

/** Luau: makes the chat anew, as the plugin does when it is loaded, and tells of it. */
const CHAT = `
  local source = game:GetService("ServerStorage"):FindFirstChild("bridge", true).Parent
  local kept = {}
  function kept:get(name) return plugin:GetSetting(name) end
  function kept:set(name, value) plugin:SetSetting(name, value) end
  _G.troubles = {}
  function _G.load()
    _G.chat = require(source.chat.chat).createChat({
      bridge = _G.bridge,
      settings = require(source["kept-text"]).createKeptText(
        kept, game:GetService("HttpService"), game:GetService("EncodingService")
      ),
      editor = require(source.editor).createEditor(game:GetService("ScriptEditorService")),
      record = require(source.recording).createRecord(game:GetService("ChangeHistoryService")),
      run = function(task)
        task():catch(function(problem)
          table.insert(_G.troubles, if type(problem) == "table" then problem.code .. ": " .. problem.detail else tostring(problem))
        end)
      end,
    })
  end
  function _G.told()
    local list = {}
    for index, turn in _G.chat.conversation.turns() do
      local texts, tools = {}, {}
      for _, piece in turn.pieces() do
        table.insert(texts, (if piece.kind == "text" then "" else piece.kind .. ": ") .. piece.text())
      end
      for _, use in turn.tools() do
        local detail = if use.detail() == "" then "" else ": " .. use.detail()
        table.insert(tools, use.name .. " " .. use.subject .. " " .. use.state() .. detail)
      end
      list[index] = {
        role = turn.role, state = turn.state(), text = table.concat(texts, "\\n"), trouble = turn.trouble(),
        tools = if #tools > 0 then table.concat(tools, "\\n") else nil,
      }
    end
    return list
  end
`;

export interface ToldTurn {
  readonly role: "user" | "assistant";
  readonly state: string;
  readonly text: string;
  readonly trouble: string;
  readonly tools?: string;
}

export interface ChatSceneOptions {
  readonly switches?: Partial<Switches>;
  /** Where the bridge finds the daemon, where that is not at its own port. */
  readonly port?: (daemon: number) => number | Promise<number>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly placeId?: number;
}

export type ChatScene = Awaited<ReturnType<typeof setChat>>;

/**
 * A scripted model that is the upstream `lm`, a daemon with the roots `data` and `fixed` (read only), and a Studio with
 * what the chat tab works with, in `_G.chat`.
 */
export async function setChat({ switches = {}, port = (own) => own, files = {}, placeId = 0 }: ChatSceneOptions = {}) {
  const top = mkdtempSync(join(tmpdir(), "puente-chat-"));
  const folder = join(top, "data");
  const plugin = join(top, "author.rbxmx");
  mkdirSync(join(top, "fixed"));
  mkdirSync(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeFileSync(plugin, authorsPlugin());
  const model = await startScriptedModel();
  const roots = [
    { name: "data", folder, access: "write" as const },
    { name: "fixed", folder: join(top, "fixed"), access: "read" as const },
  ];
  const upstreams = [resolveUpstream({ name: "lm", url: model.url, dialect: "openai" })];
  const daemon = await startDaemon(roots, 0, { upstreams });
  const studio = await startStudio({ plugins: [plugin], switches, placeId });
  const url = `http://127.0.0.1:${await port(daemon.port)}`;
  await studio.run(`${CHAT}
    _G.unloading = Instance.new("BindableEvent")
    local isThere, made = require(source.bridge).connect({
      url = ${luau(url)}, token = ${luau(daemon.token)}, unloading = _G.unloading.Event,
    }):await()
    if not isThere then error("connect: " .. made.code .. ": " .. tostring(made.detail), 0) end
    _G.bridge = made
    _G.load()`);

  const run = <T = unknown>(body: string) =>
    studio.run<T>(`local bridge, chat, conversation = _G.bridge, _G.chat, _G.chat.conversation ${body}`);
  const list = <T>(value: T[] | object) => (Array.isArray(value) ? value : []) as T[];
  return {
    folder,
    path: (name: string) => join(folder, name),
    model,
    daemon,
    studio,
    /** Runs Luau with `bridge`, `chat` and `conversation`. */
    run,
    told: async () => list<ToldTurn>(await studio.run<ToldTurn[]>("return _G.told()")),
    troubles: async () => list<string>(await studio.run<string[]>("return _G.troubles")),
    ask: (text: string) => run(`conversation:ask(${luau(text)}, "lm/tiny")`),
    /** Waits until an expression of `conversation`, `turns` and `last`, the last turn, is true. */
    until: (label: string, expression: string, seconds = 20) =>
      studio.until(
        label,
        `local chat, conversation = _G.chat, _G.chat.conversation
        local turns = conversation.turns()
        local last = turns[#turns]
        return ${expression}`,
        { seconds },
      ),
    /** Waits until nothing is asked any more and all is shown. */
    rested: (seconds = 20) =>
      studio.until(
        "the conversation rests",
        `local conversation = _G.chat.conversation
        local turns = conversation.turns()
        local state = #turns == 0 and "done" or turns[#turns].state()
        return not conversation.isBusy() and state ~= "loading" and state ~= "streaming"`,
        { seconds },
      ),
    /** As a reload of the plugin does. */
    reload: () => run("conversation:close() _G.load()"),
    async close() {
      await studio.close();
      await daemon.close();
      await model.close();
      rmSync(top, { recursive: true, force: true });
    },
  };
}
