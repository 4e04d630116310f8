import { misfit } from "../../../shared/check.js";
import { anything, integer, list, record, text } from "../../../shared/schema.js";
import type { KeptText } from "../kept-text.js";
import { wholeCharacters } from "../utf8-text.js";
import { LUAU_RUNTIME } from "../wire/runtime.js";
import { KEPT_TURN, type KeptTurn } from "./kept-turn.js";

/** Of a place: JSON of its turns, and how many. The oldest go first. */
const PLACE_BYTES = 256 * 1024;
const PLACE_TURNS = 200;
/** Places that are remembered; the one that was not used for longest goes first. */
const PLACES = 20;
/** While something changes all the time, how often it is written. */
const SAVE_SECONDS = 5;

/** The name of the plugin's setting that lists the places; each has one of its own. */
const INDEX = "chats";
const KEY = text(200);
const PLACE = record({ turns: list(anything(), 10_000) });
const PLACE_LIST = list(record({ key: KEY, at: integer(0, 1e12) }), 1000);

/** What was said in a place, across reloads of the plugin and of Studio. */
export interface History {
  read(): readonly KeptTurn[];
  /** Something has changed: it is written within some seconds. */
  touch(): void;
  /** Writes now what has changed. */
  save(): void;
  /** Forgets this place. */
  clear(): void;
}

export interface HistoryOptions {
  /** Settings that come back as they were. */
  readonly kept: KeptText;
  readonly http: HttpService;
  /** Which place it is: letters and digits. */
  readonly place: string;
  readonly turns: () => readonly KeptTurn[];
  /** Seconds since 1970. */
  readonly now: () => number;
}

/** A turn without what is long in it: what was given with it, and what its tools have told. */
function lightened(turn: KeptTurn): KeptTurn {
  return {
    ...turn,
    attachments: turn.attachments?.map((given) => ({ ...given, text: undefined })),
    calls: turn.calls?.map((call) => ({ ...call, result: "This is no longer kept." })),
  };
}

/** Its beginning: JSON takes up to six bytes for one. */
function shortened(turn: KeptTurn): KeptTurn {
  const bytes = wholeCharacters(turn.text, PLACE_BYTES / 8);
  return { ...turn, reasoning: undefined, calls: undefined, text: turn.text.sub(1, bytes) };
}

export function createHistory({ kept, http, place, turns, now }: HistoryOptions): History {
  const key = `chat_${place}`;
  let isStale = false;
  let isWaiting = false;
  /** The JSON of each turn as it was last written: most of them change no more. */
  let known = new Map<KeptTurn, string>();

  /** The JSON of the newest turns that there is room for. */
  function fitting(): readonly string[] {
    const all = turns();
    const chosen: string[] = [];
    const told = new Map<KeptTurn, string>();
    let room = PLACE_BYTES;
    for (let index = all.size() - 1; index >= 0 && chosen.size() < PLACE_TURNS; index--) {
      const turn = all[index];
      let json = known.get(turn) ?? http.JSONEncode(turn);
      told.set(turn, json);
      if (json.size() > room) json = http.JSONEncode(lightened(turn));
      if (json.size() > room && chosen.isEmpty()) json = http.JSONEncode(shortened(turn));
      if (json.size() > room) break;
      room -= json.size();
      chosen.unshift(json);
    }
    known = told;
    return chosen;
  }

  function places(): { readonly key: string; readonly at: number }[] {
    const listed = kept.get(INDEX);
    if (misfit(LUAU_RUNTIME, PLACE_LIST, listed) !== undefined) return [];
    // A key of somebody else's must not be forgotten in our name.
    return (listed as { readonly key: string; readonly at: number }[]).filter(
      (each) => each.key !== key && each.key.match("^chat_[%w_]+$")[0] !== undefined,
    );
  }

  /** Puts this place first, and forgets those beyond the last. */
  function enlist(): void {
    const others = places().sort((left, right) => left.at > right.at);
    for (const [index, other] of ipairs(others)) if (index >= PLACES) kept.set(other.key, undefined);
    const first = { key, at: now() };
    kept.set(INDEX, [first, ...others.filter((_, index) => index < PLACES - 1)]);
  }

  function write(): void {
    const chosen = fitting();
    if (chosen.isEmpty()) kept.set(key, undefined);
    else kept.setJson(key, `{"turns":[${chosen.join(",")}]}`);
    enlist();
  }

  function save(): void {
    if (!isStale) return;
    isStale = false;
    // The plugin may be about to be unloaded, and has more to do then.
    const [ok, thrown] = pcall(write);
    if (!ok) warn(`[Puente] The conversation was not kept: ${tostring(thrown)}`);
  }

  return {
    read() {
      const found = kept.get(key);
      if (misfit(LUAU_RUNTIME, PLACE, found) !== undefined) return [];
      // One that is damaged takes no other with it.
      return (found as { readonly turns: readonly defined[] }).turns.filter(
        (turn): turn is KeptTurn => misfit(LUAU_RUNTIME, KEPT_TURN, turn) === undefined,
      );
    },
    touch() {
      isStale = true;
      if (isWaiting) return;
      isWaiting = true;
      task.delay(SAVE_SECONDS, () => {
        isWaiting = false;
        save();
      });
    },
    save() {
      save();
    },
    clear() {
      isStale = false;
      kept.set(key, undefined);
      kept.set(INDEX, places());
    },
  };
}
