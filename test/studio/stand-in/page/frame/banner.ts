import type { ConnectionState } from "../connection.ts";
import { make } from "../element.ts";
import type { Send } from "../send.ts";

export interface Banner {
  readonly element: HTMLElement;
  connection(state: ConnectionState): void;
  /** Studio has ended, and why; undefined where it runs. */
  ended(reason: string | undefined): void;
}

const CONNECTION_TEXTS = {
  lost: "The connection is lost. Trying again…",
  refused: "This page's key is not the stand-in's. Open the address that the stand-in printed.",
};

/** Says above everything what keeps the page from working. */
export function banner(send: Send): Banner {
  const element = make("div", { class: "banner", role: "status", "aria-live": "polite" });
  const connection = make("p", { class: "banner-quiet", "data-banner": "connection" });
  const restart = make("button", { type: "button" }, "Restart");
  const reason = make("p");
  const ended = make("div", { class: "banner-ended", "data-banner": "ended" }, reason, restart);
  restart.addEventListener("click", () => send({ kind: "restart" }));
  connection.hidden = true;
  ended.hidden = true;
  element.append(connection, ended);
  return {
    element,
    connection(state) {
      connection.hidden = state === "open";
      connection.textContent = state === "open" ? "" : CONNECTION_TEXTS[state];
    },
    ended(why) {
      ended.hidden = why === undefined;
      reason.textContent = why === undefined ? "" : `Studio has ended: ${why}`;
    },
  };
}
