import { command } from "../command.js";

export interface Local {
  /** What is the case. */
  readonly means: string;
  /** The same, as the reason of an absence that is over: "Back after 12 s: …". */
  readonly was: string;
  /** What the user can do about it; empty where it is the model's turn. */
  readonly advice: string;
}

/** Failures that never travel: they arise on this side of the wire. */
export const LOCAL_PROBLEMS = {
  "daemon-offline": {
    means: "The daemon is not running.",
    was: "the daemon was not running",
    advice: `Run \`${command("serve FOLDER")}\` in a terminal. Puente reconnects by itself.`,
  },
  "connection-lost": {
    means: "The daemon closed the connection.",
    was: "the daemon closed the connection",
    advice: "Nothing: Puente reconnects by itself.",
  },
  "http-disabled": {
    means: "Studio does not allow HTTP requests.",
    was: "Studio did not allow HTTP requests",
    advice: "Turn on Game Settings > Security > Allow HTTP Requests, and allow 127.0.0.1 in Plugin Management.",
  },
  "play-client": {
    means: "Studio makes no HTTP requests in a running client.",
    was: "a play test was running",
    advice: "Stop the play test.",
  },
  "quota-spent": {
    means: "Studio's quota of HTTP requests is spent for this minute.",
    was: "Studio's quota of HTTP requests was spent",
    advice: "Wait a minute. If it stays, look for another plugin that makes many requests.",
  },
  "timed-out": {
    means: "The daemon did not answer in time.",
    was: "the daemon did not answer in time",
    advice: "If it stays, end the daemon and start it again.",
  },
  "address-refused": {
    means: "Studio refuses this address.",
    was: "Studio refused the address",
    advice: "Use http://127.0.0.1 with the port that the daemon prints.",
  },
  "not-puente": {
    means: "Another program answers on this port.",
    was: "another program answered on this port",
    advice: "End that program, or give the daemon another port with `--port` and enter its address here.",
  },
  "wrong-daemon": {
    means: "What answers on this port does not know this Studio's token. The token was not sent.",
    was: "what answered on this port did not know this Studio's token",
    advice: "If it is your daemon, the token was revoked: pair again. If not, end the program on this port.",
  },
  "protocol-mismatch": {
    means: "Plugin and daemon speak different protocols.",
    was: "plugin and daemon spoke different protocols",
    advice: "Update the older of the two.",
  },
  "wrong-answer": {
    means: "The daemon's answer is not as agreed.",
    was: "the daemon's answer was not as agreed",
    advice: "Update plugin and daemon to the same version.",
  },
  "tool-failed": {
    means: "A tool of the model's cannot do this.",
    was: "a tool of the model's could not do it",
    advice: "",
  },
  "not-paired": {
    means: "This Studio is not paired with the daemon.",
    was: "this Studio was not paired",
    advice: "Press “Pair with this machine”.",
  },
  "pairing-refused": {
    means: "The pairing was refused in the terminal.",
    was: "the pairing was refused",
    advice: "Pair again, if that was a mistake.",
  },
  "pairing-expired": {
    means: "Nobody approved the code in time.",
    was: "the pairing had expired",
    advice: "Pair again and approve the code in a terminal.",
  },
  "too-many-streams": {
    means: "Studio has no stream client left.",
    was: "Studio had no stream client left",
    advice: "Close a stream, or a plugin that holds some. Until then Puente makes requests instead.",
  },
  "no-streams": {
    means: "Studio gives no stream clients here.",
    was: "Studio gave no stream clients",
    advice: "Nothing: Puente makes requests instead.",
  },
  "link-broken": {
    means: "The link to the daemon broke.",
    was: "the link to the daemon broke",
    advice: "Nothing: Puente makes requests until the link is back.",
  },
  "link-refused": {
    means: "The daemon refused the link.",
    was: "the daemon refused the link",
    advice: "Update plugin and daemon to the same version. Until then Puente makes requests instead.",
  },
  "link-ended": {
    means: "The daemon ended the link.",
    was: "the daemon ended the link",
    advice: "Nothing: Puente makes requests until the link is back.",
  },
  "link-renewed": {
    means: "The link is renewed before Studio ends it.",
    was: "the link was renewed",
    advice: "Nothing: it goes on at once.",
  },
  "frame-too-long": {
    means: "A line or an event is longer than the reader takes.",
    was: "a line or an event was longer than the reader took",
    advice: "Give the reader a larger `mostBytes`.",
  },
  "stream-full": {
    means: "More was sent than the link holds.",
    was: "more was sent than the link holds",
    advice: "Send less at a time, or wait for answers.",
  },
  busy: {
    means: "Other work is under way.",
    was: "other work was under way",
    advice: "Wait until it is done, or cancel it.",
  },
  "closed-early": {
    means: "The plugin closed before the answer came.",
    was: "the plugin was closing",
    advice: "Try again.",
  },
  "binary-file": {
    means: "This is a binary file.",
    was: "the file was binary",
    advice: "Only UTF-8 text opens as a script. Plugins can read the bytes through the bridge.",
  },
  "studio-refused": {
    means: "Studio does not take this text as a script.",
    was: "Studio did not take the text",
    advice: "Studio limits the length of a script. Edit this file outside Studio.",
  },
  "nothing-to-attach": {
    means: "There is nothing to attach.",
    was: "there was nothing to attach",
    advice: "Select scripts in the Explorer, or files in the panel.",
  },
  "too-much": {
    means: "This is more than goes with one question.",
    was: "it was more than goes with one question",
    advice: "Attach less, or copy the part that matters into the question.",
  },
  "no-script": {
    means: "No script is open in the editor.",
    was: "no script was open in the editor",
    advice: "Open a script and click into it.",
  },
  "unseen-characters": {
    means: "The model's text holds control characters or marks of direction, which are not seen where it is shown.",
    was: "the model's text held characters that are not seen",
    advice: "Ask for it again without them.",
  },
  "nothing-selected": {
    means: "Nothing is selected in the script.",
    was: "nothing was selected in the script",
    advice: "Select what is to be replaced.",
  },
  "script-refused": {
    means: "Studio does not let this script be changed.",
    was: "Studio did not let the script be changed",
    advice: "See whether it is locked, or edited by somebody else, and try again.",
  },
  "script-changed": {
    means: "The script has changed meanwhile.",
    was: "the script had changed meanwhile",
    advice: "Compare again.",
  },
  "not-luau": {
    means: "This is no Luau.",
    was: "it was no Luau",
    advice: "Only Luau becomes a script. Save it as a file instead.",
  },
  fault: {
    means: "Puente itself has a fault.",
    was: "Puente had a fault",
    advice: "Press “Copy diagnosis” and report it.",
  },
} as const satisfies { readonly [code: string]: Local };

export type LocalCode = keyof typeof LOCAL_PROBLEMS;
