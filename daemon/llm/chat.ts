import { LIMITS } from "../../shared/protocol.js";
import { Failure, fail, SHUTTING_DOWN } from "../fail.js";
import type { OpenStream } from "../stream.js";
import { answerOf } from "./answer.js";
import { askUntilLoaded } from "./ask-until-loaded.js";
import type { Question } from "./dialect.js";
import { checkStream, listen } from "./listen.js";
import type { Models } from "./models.js";
import { createOutgoing, type Outgoing } from "./outgoing.js";
import { pictureReader, type ReadFile } from "./pictures.js";
import { askProvider, type Provider } from "./provider.js";
import { type ChatInput, hasImages, questionOf } from "./question.js";

/** Who asks. */
interface Asker {
  /** Aborted with a Failure once nobody wants the answer. */
  readonly signal: AbortSignal;
  /** Fails where the asker lacks a scope. */
  demand(scope: string): void;
}

/** Chats with every provider. */
export interface Chats {
  /** Asks a model. What is known at once fails at once; what goes wrong later fails the stream. */
  open(input: ChatInput, asker: Asker): Promise<OpenStream>;
  /** Ends every chat, and the providers' work for them. */
  close(): void;
}

const LOADING_MS = 2000;
const CANCEL_MS = 1000;
const GONE = new Failure({ code: "upstream-failed", detail: "Nobody wants the answer any more." });

export function createChats(models: Models, readFile: ReadFile): Chats {
  const lives = new Set<AbortController>();

  /** Tells that the model is being waited for, until there is something else to tell. */
  function tellLoading(outgoing: Outgoing): () => void {
    const beganMs = Date.now();
    const timer = setInterval(() => {
      outgoing.put({ type: "loading", seconds: Math.round((Date.now() - beganMs) / 1000) });
      outgoing.flush();
    }, LOADING_MS);
    return () => clearInterval(timer);
  }

  /** Ends the provider's work where closing the connection is not enough. */
  function cancel(provider: Provider, question: Question): void {
    const asked = provider.dialect.cancel?.(question, provider.door.basePath);
    if (asked === undefined) return;
    askProvider(provider, asked, AbortSignal.timeout(CANCEL_MS)).then(
      ({ body }) => body.destroy(),
      () => undefined, // It has gone, and its work with it.
    );
  }

  /** Asks, and tells the answer as it comes. Resolves once it is whole. */
  async function converse(
    provider: Provider,
    question: Question,
    outgoing: Outgoing,
    life: AbortSignal,
  ): Promise<void> {
    const endLoading = tellLoading(outgoing);
    let isWhole = false;
    try {
      const answer = await askUntilLoaded(provider, provider.dialect.chat(question, provider.door.basePath), life);
      const { body } = answer;
      try {
        await checkStream(provider, answer);
        outgoing.onRoom(() => body.resume());
        const put: Outgoing["put"] = (event) => {
          endLoading();
          outgoing.put(event);
        };
        await listen(
          provider,
          body,
          (onEnd) => answerOf(question, put, onEnd),
          () => {
            outgoing.flush();
            if (outgoing.isFull()) body.pause();
          },
        );
        isWhole = true;
      } finally {
        body.destroy();
      }
    } finally {
      endLoading();
      if (!isWhole) cancel(provider, question);
    }
  }

  return {
    async open(input, { signal, demand }) {
      if (hasImages(input)) demand("files:read");
      const { provider, model } = await models.find(input.model);
      const ready = questionOf(input, model);
      signal.throwIfAborted();
      if (lives.size >= LIMITS.chats) fail("too-many-chats", `${LIMITS.chats} answers are under way.`);
      const life = new AbortController();
      const outgoing = createOutgoing();
      const { body } = outgoing;
      const leave = () => body.destroy(signal.reason);
      lives.add(life);
      signal.addEventListener("abort", leave, { once: true });
      body.once("close", () => life.abort(GONE));
      // Until its carrier listens, a failure has nobody to be told to.
      body.on("error", () => undefined);
      ready(pictureReader(readFile, life.signal))
        .then((question) => converse(provider, question, outgoing, life.signal))
        .then(
          () => outgoing.end(),
          (error) => outgoing.end(life.signal.aborted ? life.signal.reason : error),
        )
        .finally(() => {
          lives.delete(life);
          signal.removeEventListener("abort", leave);
        });
      return { status: 200, headers: [], body };
    },
    close() {
      for (const life of lives) life.abort(new Failure(SHUTTING_DOWN));
    },
  };
}
