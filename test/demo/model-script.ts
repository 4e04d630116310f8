/** What the demonstration says, which was written beforehand. */
export interface Answer {
  readonly text: string;
  readonly calls?: readonly { readonly name: string; readonly arguments: object }[];
}

/** A message of a conversation as OpenAI's chat completions have it, as far as it is looked at. */
export interface Message {
  readonly role: string;
  readonly content?: string | readonly { readonly type: string; readonly text?: string }[] | null;
}

/** A change that is made to a script where it fits: what it is, and the text before and after. */
interface Change {
  readonly says: string;
  readonly find: RegExp;
  readonly put: string;
}

const DISCLAIMER = "I am Puente's scripted demonstration and no real model: what I say was written beforehand.";

/** The first that fits is made; the last fits any script. */
const CHANGES: readonly Change[] = [
  {
    says: "lets the lantern cast shadows",
    find: /^([ \t]*)light\.Range = .*$(?!\n[ \t]*light\.Shadows)/m,
    put: "$&\n$1light.Shadows = true",
  },
  {
    says: "adds a colour, `moss`, between warm and cold",
    find: /(?<!name = "moss".*\n)^([ \t]*)\{ name = "moon".*$/m,
    put: '$1{ name = "moss", color = Color3.fromRGB(158, 196, 120), warmth = 0.4 },\n$&',
  },
  { says: "asks for strict types", find: /^(?!--!strict)/, put: "--!strict\n" },
  { says: "adds a line on top", find: /^.*\n/, put: "$&-- Looked through by a scripted demonstration.\n" },
];

const FENCE = /^(`{3,})[^\n`]*\n([\s\S]*?)\n?^\1`*[ \t]*$/gm;
const GREETING = /\b(?:hello|hi|hey|good (?:morning|evening)|hola|hallo)\b/i;

function textOf({ content }: Message): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text ?? "").join("\n");
}

/** The last code in a text: what was attached. */
function codeIn(text: string): string | undefined {
  return [...text.matchAll(FENCE)].at(-1)?.[2];
}

/** Code between fences that are longer than any of its own. */
function fenced(code: string): string {
  const fence = "`".repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}luau\n${code.replace(/\n$/, "")}\n${fence}`;
}

function changed(code: string): { readonly says: string; readonly text: string } {
  const change = CHANGES.find(({ find }) => find.test(code));
  if (change === undefined) return { says: "leaves it as it is", text: code };
  return { says: change.says, text: code.replace(change.find, change.put) };
}

function aboutCode(code: string): Answer {
  const { says, text } = changed(code);
  return {
    text: `${DISCLAIMER}

I have read what you attached. This version ${says}:

${fenced(text)}

Show the difference to see it beside yours, and apply it if you like it. One undo brings yours back.`,
  };
}

const GREETED: Answer = {
  text: `Hello! ${DISCLAIMER} Nothing leaves your machine, and nothing thinks.

To see what a model can do in Studio, open a script, attach it, and ask me to change it. A real one answers in my place
as soon as you run one: Ollama, llama.cpp, LM Studio and others are found by themselves.`,
};

const OTHERWISE: Answer = {
  text: `${DISCLAIMER}

I know one trick without a script of yours. This one makes a lamp that breathes; put it into a new script:

${fenced(`local RunService = game:GetService("RunService")

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
end)`)}

Attach a script of yours, and I propose a change to it.`,
};

/** The answer to a conversation. */
export function answerTo(messages: readonly Message[]): Answer {
  const question = messages.filter(({ role }) => role === "user").at(-1);
  const text = question === undefined ? "" : textOf(question);
  const code = codeIn(text);
  if (code !== undefined) return aboutCode(code);
  return GREETING.test(text) ? GREETED : OTHERWISE;
}
