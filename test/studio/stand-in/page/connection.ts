import type { FromPage, ToPage } from "../screen/protocol.ts";
import type { Send, SendText } from "./send.ts";

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;
/** The close code of a connection that has shown a wrong key. */
const WRONG_KEY = 4401;

export type ConnectionState = "open" | "lost" | "refused";

interface Connection {
  readonly send: Send;
  readonly sendText: SendText;
  /** Ends this connection; the next one begins with all there is. */
  renew(): void;
}

/** One WebSocket to the page's own host, opened again whenever it is lost, each time after a longer wait. */
export function connect(
  key: string,
  onMessage: (message: ToPage) => void,
  onState: (state: ConnectionState) => void,
): Connection {
  const address = new URL("/screen", location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.hash = "";
  let wait = FIRST_WAIT_MS;
  let shownAt = 0;
  let texts = 0;
  let socket: WebSocket;

  const say = (message: FromPage): boolean => {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  };

  const open = (): void => {
    socket = new WebSocket(address);
    socket.addEventListener("open", () => {
      texts = 0;
      say({ kind: "hello", key });
    });
    socket.addEventListener("message", ({ data }: MessageEvent<string>) => {
      const message: ToPage = JSON.parse(data);
      if (message.reset) {
        shownAt = performance.now();
        onState("open");
      }
      onMessage(message);
    });
    socket.addEventListener("close", ({ code }) => {
      if (code === WRONG_KEY) {
        onState("refused");
        return;
      }
      onState("lost");
      // One that does not last is no better than none.
      if (performance.now() - shownAt > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
      setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  open();

  return {
    renew: () => socket.close(),
    send: say,
    sendText: (message) => {
      if (!say({ ...message, number: texts + 1 })) return 0;
      texts += 1;
      return texts;
    },
  };
}
