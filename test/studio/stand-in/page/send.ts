import type { FromPage } from "../screen/protocol.ts";

type Numbered = "type" | "edit";
type WithoutNumber<Message> = Message extends unknown ? Omit<Message, "number"> : never;

/** Says something to the stand-in; what is said while the connection is lost is dropped. */
export type Send = (message: Exclude<FromPage, { kind: Numbered }>) => void;
/** Says a text, and answers the number it was given: 0 where it was dropped. */
export type SendText = (message: WithoutNumber<Extract<FromPage, { kind: Numbered }>>) => number;
