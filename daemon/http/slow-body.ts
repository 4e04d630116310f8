import type { IncomingMessage, ServerResponse } from "node:http";
import type { Problem } from "../../shared/problem.js";
import { LIMITS } from "../../shared/protocol.js";
import { answerProblem } from "./answer.js";

const TOO_SLOW: Problem = { code: "too-slow", detail: "The request took too long to arrive." };

/** Ends a call whose body is not whole after LIMITS.bodySeconds, so that a client that drips holds nothing for long. */
export function boundBody(request: IncomingMessage, response: ServerResponse): void {
  const late = setTimeout(() => {
    if (!request.complete) answerProblem(response, TOO_SLOW);
  }, LIMITS.bodySeconds * 1000);
  response.once("close", () => clearTimeout(late));
}
