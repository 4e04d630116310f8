import type { Readable } from "node:stream";

/**
 * An open stream, whoever carries it: a relay's HTTP answer, a WebSocket of its own, or a stream inside of the link.
 * The bytes of the upstream are read from `body` at the reader's pace; while nobody reads, the upstream is paused.
 */
export interface OpenStream {
  /** HTTP status for the client; 101 of a socket. */
  readonly status: number;
  /** What may be told of the upstream's headers, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /**
   * Bytes as they come, or of a socket whole messages, one a chunk, in object mode: text as string, binary as Uint8Array.
   * Ends when the upstream has ended cleanly; fails with a Failure where it has not. To destroy it ends the upstream.
   */
  readonly body: Readable;
  /** Only of a socket. */
  readonly socket?: StreamSocket;
}

export interface StreamSocket {
  /** Resolves once there is room for more, or the socket has closed. */
  send(message: string | Uint8Array): Promise<void>;
  /** Closes from this side, behind what was sent as long as that goes out; a code that may be sent is passed on. */
  close(code?: number, reason?: string): void;
  /** Resolves once it has closed: with the upstream's close code and reason, where there were any. */
  readonly closed: Promise<{ readonly code?: number; readonly reason?: string }>;
}

/** A stream that a client holds open outside of the link, as `session/who` tells it. */
export interface HeldStream {
  readonly id: string;
  readonly operation: "relay/raw" | "relay/sse" | "relay/socket";
  readonly upstream: string;
  readonly openSeconds: number;
  /** What has been sent to the client. */
  readonly bytes: number;
}
