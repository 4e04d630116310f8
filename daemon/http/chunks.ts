import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";

/** Up to here a chunk is copied into one piece with its frame; a longer one is written beside it. */
const COPIED_BYTES = 16 * 1024;
const CRLF = "\r\n";

/** A chunk in its frame (RFC 9112, 7.1), in one piece. */
function framed(content: Uint8Array): Buffer {
  const size = content.length.toString(16) + CRLF;
  const frame = Buffer.allocUnsafe(size.length + content.length + CRLF.length);
  frame.write(size, 0, "latin1");
  frame.set(content, size.length);
  frame.write(CRLF, size.length + content.length, "latin1");
  return frame;
}

function writeChunk(socket: Socket, content: Uint8Array): boolean {
  if (content.length <= COPIED_BYTES) return socket.write(framed(content));
  socket.cork();
  socket.write(content.length.toString(16) + CRLF, "latin1");
  socket.write(content);
  const hasRoom = socket.write(CRLF, "latin1");
  socket.uncork();
  return hasRoom;
}

/**
 * Writes the content of a chunked answer whose head has gone out, at the client's pace, and ends the answer. Node's
 * response writes a chunk in four pieces and a turn of the loop later; a relay's latency is mostly that.
 * Rejects where the content fails or the client goes; the answer is then not ended, and the content is destroyed.
 */
export async function writeChunks(response: ServerResponse, socket: Socket, body: Readable): Promise<void> {
  const gone = () => body.destroy();
  const resume = () => body.resume();
  response.once("close", gone);
  socket.on("drain", resume);
  body.on("data", (content: Uint8Array) => {
    // A chunk of no length would be the last one.
    if (content.length > 0 && !writeChunk(socket, content)) body.pause();
  });
  try {
    await finished(body, { writable: false });
    response.end();
  } finally {
    response.off("close", gone);
    socket.off("drain", resume);
  }
}
