import { changed } from "./model-changes.ts";

/** What the demonstration says, which was written beforehand. */
export interface Answer {
  readonly text: string;
  readonly call?: { readonly name: string; readonly arguments: object };
}

/** A message of a conversation as OpenAI's chat completions have it, as far as it is looked at. */
export interface Message {
  readonly role: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
}

/** What goes with a question, as the chat tab writes it. Code without a title is taken for a script. */
interface Given {
  readonly kind: string;
  /** A script's full name, or `root/path`. */
  readonly name: string;
  readonly text: string;
}

const GIVEN = /^(?:(Script|File|Output) ([^\n]+):\n)?(`{3,})[^\n`]*\n([\s\S]*?)\n?^\3`*[ \t]*$/gm;
const GREETING = /\b(?:hello|hi|hey|good (?:morning|evening)|hola|hallo)\b/i;
const DISCLAIMER = "I am Puente's scripted demonstration and no real model: what I say was written beforehand.";

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text ?? "").join("\n");
}

/** What was given last. */
function givenIn(question: string): Given | undefined {
  const found = [...question.matchAll(GIVEN)].at(-1);
  if (found === undefined) return undefined;
  const [, kind = "Script", name = "", , text = ""] = found;
  return { kind, name, text };
}

/** Code between fences that are longer than any of its own. */
function fenced(code: string): string {
  const fence = "`".repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}luau\n${code}\n${fence}`;
}

const LAMP = fenced(`local RunService = game:GetService("RunService")

local lamp = Instance.new("Part")
lamp.Shape = Enum.PartType.Ball
lamp.Position = Vector3.new(0, 6, 0)
lamp.Anchored = true
lamp.Material = Enum.Material.Neon
lamp.Parent = workspace

local light = Instance.new("PointLight")
light.Parent = lamp

RunService.Heartbeat:Connect(function()
	light.Brightness = 1.5 + math.sin(os.clock() * 2)
end)`);

function greeting(): Answer {
  return {
    text: `Hello! ${DISCLAIMER}

To see what a model can do in Studio, attach a script and ask for a change. A real one answers in my place as soon as it
runs on your machine: Ollama, llama.cpp, LM Studio and others are found by themselves.`,
  };
}

function lamp(): Answer {
  return {
    text: `${DISCLAIMER}

I know one trick that needs no script of yours, a lamp that breathes. Make a new script of it:

${LAMP}

Attach a script, and I change it.`,
  };
}

function aboutErrors({ text }: Given): Answer {
  return {
    text: `${DISCLAIMER}

These are the last errors of the output. A real model would look for their cause; I can only read the first one aloud:

${text.split("\n")[0]?.replace(/^/, "> ")}`,
  };
}

function aboutFile({ name }: Given): Answer {
  return { text: `${DISCLAIMER}\n\nI have read ${name}. I was written for scripts, and leave it as it is.` };
}

/** Where an edit is proposed: a script of the place, or a file of a root. */
function targetOf({ kind, name }: Given): object {
  if (kind === "Script") return { script: name };
  const slash = name.indexOf("/");
  return { root: name.slice(0, slash), path: name.slice(slash + 1) };
}

function aboutCode(given: Given, mayPropose: boolean): Answer {
  const { says, text } = changed(given.text);
  if (mayPropose && given.name !== "") {
    return {
      text: `${DISCLAIMER}\n\nI have read ${given.name}, and propose an edit that ${says}.`,
      call: { name: "propose_edit", arguments: { ...targetOf(given), new_text: `${text}\n` } },
    };
  }
  return {
    text: `${DISCLAIMER}

I have read what you attached. This version ${says}:

${fenced(text)}

Look at the difference to yours, and apply it if you like it. One undo brings yours back.`,
  };
}

/** What a tool has told. */
function aboutOutcome(told: string): Answer {
  if (told.startsWith("The user accepted")) return { text: `You accepted the edit, and it is done. ${DISCLAIMER}` };
  if (told.startsWith("The user refused")) return { text: `You refused the edit: nothing was changed. ${DISCLAIMER}` };
  if (told.startsWith("This failed")) return { text: `That did not work. ${told}\n\n${DISCLAIMER}` };
  return {
    text: `This is what I was told:\n\n${fenced(told)}\n\nAttach one of them, and I propose an edit. ${DISCLAIMER}`,
  };
}

/** The answer to a conversation. @param tools names of those that may be used. */
export function answerTo(messages: readonly Message[], tools: readonly string[] = []): Answer {
  const last = messages.at(-1);
  if (last?.role === "tool") return aboutOutcome(textOf(last));
  const question = last === undefined ? "" : textOf(last);
  const given = givenIn(question);
  if (given?.kind === "Output") return aboutErrors(given);
  if (given?.kind === "File" && !/\.luau?$/.test(given.name)) return aboutFile(given);
  if (given !== undefined) return aboutCode(given, tools.includes("propose_edit"));
  if (GREETING.test(question)) return greeting();
  if (!tools.includes("list_scripts")) return lamp();
  return {
    text: `${DISCLAIMER}\n\nLet me see which scripts there are.`,
    call: { name: "list_scripts", arguments: {} },
  };
}
