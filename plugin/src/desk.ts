import type { Files } from "./bridge/files.js";
import type { Editor } from "./editor.js";
import type { Record } from "./recording.js";
import type { RootIds } from "./root-ids.js";
import type { Shelf } from "./shelf.js";
import type { Standings } from "./standing.js";

/** What files are opened, edited and saved with. */
export interface Desk {
  readonly files: Files;
  readonly editor: Editor;
  readonly shelf: Shelf;
  readonly record: Record;
  readonly rootIds: RootIds;
  readonly standings: Standings;
}
