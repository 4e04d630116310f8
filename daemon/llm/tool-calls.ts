import { LIMITS } from "../../shared/protocol.js";
import { fail } from "../fail.js";

interface Assembled {
  id: string;
  name: string;
  readonly pieces: string[];
}

/** A piece of a call; what it does not say is as before. */
interface Fragment {
  /** Which call of the answer it belongs to. */
  readonly index: number;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
}

/** Puts tool calls together from their pieces. */
export interface ToolCalls {
  add(fragment: Fragment): void;
  /** The calls that were begun, in their order, and forgets them. Without arguments is with none: `{}`. */
  take(): { readonly id: string; readonly name: string; readonly arguments: string }[];
}

export function createToolCalls(): ToolCalls {
  let calls: Assembled[] = [];
  /** By the provider's index, which of the calls is written to. */
  let current = new Map<number, Assembled>();
  let letters = 0;

  return {
    add({ index, id = "", name = "", arguments: piece = "" }) {
      let call = current.get(index);
      // Some servers give every call the same index, and each its own id.
      if (call === undefined || (id !== "" && call.id !== "" && id !== call.id)) {
        if (calls.length === LIMITS.chatTools) {
          fail("too-large", `The model made more than ${LIMITS.chatTools} calls at once.`);
        }
        call = { id, name: "", pieces: [] };
        calls.push(call);
        current.set(index, call);
      }
      if (call.id === "") call.id = id;
      if (name !== "" && call.name !== name) call.name += name;
      call.pieces.push(piece);
      letters += piece.length + name.length;
      if (letters > LIMITS.chatBytes / 3) fail("too-large", "The model wrote arguments that are too long.");
    },
    take() {
      const whole = calls.map(({ id, name, pieces }) => {
        const written = pieces.join("");
        return { id, name, arguments: written.trim() === "" ? "{}" : written };
      });
      calls = [];
      current = new Map();
      letters = 0;
      return whole;
    },
  };
}
