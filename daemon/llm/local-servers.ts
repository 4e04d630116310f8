import type { DialectName } from "../upstream/upstream.js";

/** A model server that people run on their own machine. */
export interface LocalServer {
  /** Of the upstream that it becomes. */
  readonly name: string;
  /** What people call it. */
  readonly title: string;
  readonly port: number;
  readonly dialect: DialectName;
}

/** The usual ones at their usual ports. */
export const LOCAL_SERVERS: readonly LocalServer[] = [
  { name: "ollama", title: "Ollama", port: 11434, dialect: "ollama" },
  { name: "lmstudio", title: "LM Studio", port: 1234, dialect: "openai" },
  { name: "llamacpp", title: "llama.cpp's server", port: 8080, dialect: "openai" },
  { name: "vllm", title: "vLLM", port: 8000, dialect: "openai" },
  { name: "jan", title: "Jan", port: 1337, dialect: "openai" },
  { name: "koboldcpp", title: "KoboldCpp", port: 5001, dialect: "openai" },
];
