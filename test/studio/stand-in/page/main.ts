import { batches } from "./batches.ts";
import { connect } from "./connection.ts";
import { fontsReady } from "./fonts.ts";
import { studioFrame } from "./frame/studio-frame.ts";
import { fieldEditor } from "./input/field-editor.ts";
import { painter } from "./paint/painter.ts";
import type { Send, SendText } from "./send.ts";
import "./style/theme.css";
import "./style/frame.css";
import "./style/panes.css";
import "./style/widgets.css";
import "./style/narrow.css";
import "./style/painted.css";

const key = new URLSearchParams(location.hash.slice(1)).get("key") ?? "";
const only = new URLSearchParams(location.search).get("only") ?? undefined;

const send: Send = (message) => connection.send(message);
const sendText: SendText = (message) => connection.sendText(message);

const fields = fieldEditor(send, sendText);
const paint = painter(fields, send);
const frame = studioFrame({ send, sendText, rootOf: paint.root, only });
const incoming = batches((messages) => {
  fields.hold();
  try {
    for (const message of messages) {
      if (message.reset) {
        fields.clear();
        paint.clear();
      }
      fields.hear(message.heard ?? Number.POSITIVE_INFINITY);
      if (message.draw) paint.apply(message.draw);
      frame.show(message);
    }
  } catch (error) {
    // What is drawn is not what should be: a new connection begins with all of it.
    connection.renew();
    throw error;
  } finally {
    fields.settle();
  }
});
const connection = connect(key, incoming.add, frame.connection);

document.body.append(frame.element);
await fontsReady();
incoming.start();
